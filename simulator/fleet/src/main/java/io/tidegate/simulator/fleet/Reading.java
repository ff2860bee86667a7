package io.tidegate.simulator.fleet;

/**
 * A reading that a device sent.
 *
 * @param seq the device's own sequence number, from 1
 * @param timeMs the reading's event time, epoch milliseconds
 */
public record Reading(String device, String metric, long seq, long timeMs, double value) {}
