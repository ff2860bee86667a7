package io.tidegate.simulator.fleet;

/**
 * What each device measures under a name.
 *
 * @param unit as sent, empty for none
 * @param noise standard deviation of what is added to the signal
 */
public record Metric(String name, String unit, Signal signal, double noise) {}
