package io.tidegate.simulator.scenario;

/**
 * A fault, and whom it happens to.
 *
 * @param part this part of the devices of the group, 0 to 1, spread evenly over them
 */
public record FaultRule(double part, Fault fault) {

    /** Whether it happens to a device, counted from 0. */
    boolean concerns(int device) {
        return Math.floor((device + 1) * part) > Math.floor(device * part);
    }
}
