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
 */
record LoadShape(
        int devices,
        int clients,
        int connections,
        int readingsAMessage,
        OptionalDouble rate,
        Duration warmUp,
        Duration length,
        long backlog) {}
