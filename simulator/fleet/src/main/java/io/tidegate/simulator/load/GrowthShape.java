package io.tidegate.simulator.load;

import java.util.List;
import java.util.Set;

/**
 * What phase {@code growth} runs.
 *
 * @param keys numbers of keys; each is a run
 * @param queries what is computed; each is a run for each number of keys
 * @param readingsAMessage a key is a device and a place in its message, so a message has so many keys
 * @param rate messages a second, once each key has been seen
 */
record GrowthShape(List<Integer> keys, Set<GrowthQuery> queries, int readingsAMessage, double rate) {
    /** Readings a message, unless options say otherwise. */
    static final int READINGS_A_MESSAGE = 50;
    /** Messages a second, unless options say otherwise: a million keys have a reading every 40 s. */
    static final int RATE = 500;
}
