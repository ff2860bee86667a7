package io.tidegate.simulator.oracle;

import java.util.Map;

/**
 * A stretch of a device's readings without a pause longer than the gap.
 *
 * @param startMs event time of the first reading, epoch milliseconds
 * @param endMs event time of the last reading, epoch milliseconds
 * @param metrics what was measured, by metric
 */
public record Session(String device, long startMs, long endMs, long events, Map<String, Totals> metrics) {}
