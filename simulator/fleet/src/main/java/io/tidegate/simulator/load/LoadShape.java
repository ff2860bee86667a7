package io.tidegate.simulator.load;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What is published.
 *
 * @param devices take turns
 * @param clients connections, over which the devices are spread
 * @param connections of the gateway to the broker; more than one share a subscription
 * @param readingsAMessage 1: a message of a metric topic; more: an array
 * @param rate messages a second; empty: as fast as they are taken
 * @param warmUp not measured: the JVMs compile
 * @param length measured, after that
 * @param backlog readings that are in the log before a processor starts, in the phase of that name
 * @param growth what phase {@code growth} runs
 */
record LoadShape(
        int devices,
        int clients,
        int connections,
        int readingsAMessage,
        OptionalDouble rate,
        Duration warmUp,
        Duration length,
        long backlog,
        GrowthShape growth) {

    /** A run of phase {@code growth} with so many keys, or the next more that fill messages. */
    LoadShape withKeys(int keys) {
        int devices = (keys + growth.readingsAMessage() - 1) / growth.readingsAMessage();
        return new LoadShape(
                devices,
                clients,
                connections,
                growth.readingsAMessage(),
                OptionalDouble.of(growth.rate()),
                warmUp,
                length,
                backlog,
                growth);
    }
}
