package io.tidegate.simulator.fleet;

/**
 * A message of a plan.
 *
 * @param offsetMs when it is due, milliseconds after the start
 * @param device index of the device, from 0
 * @param payload sent as UTF-8
 * @param repeated the same bytes were sent before
 * @param outOfOrder a newer reading of the device was sent before
 */
public record PlannedMessage(
        long offsetMs,
        int device,
        String topic,
        String payload,
        Reading reading,
        boolean repeated,
        boolean outOfOrder) {}
