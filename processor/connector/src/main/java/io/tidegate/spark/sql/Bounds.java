package io.tidegate.spark.sql;

import java.util.Map;
import java.util.TreeMap;

/** From what options say to offsets. */
final class Bounds {

    private Bounds() {}

    /**
     * The offset that a bound means now.
     *
     * @param name of the option, for people
     * @throws IllegalStateException when the offset that it names does not belong to these logs
     */
    static LogOffset resolve(String name, Bound bound, Gateways gateways) {
        Map<String, Standing> logs = gateways.await();
        if (bound instanceof Bound.At at) {
            LogCheck.check(name, at.offset(), logs);
            if (at.offset().positions().size() < logs.size()) {
                throw new IllegalArgumentException(
                        name + ": " + at.offset().json() + " (expected: positions for all of " + logs.keySet() + ")");
            }
            return at.offset();
        }
        Map<String, java.util.List<Long>> positions = new TreeMap<>();
        logs.forEach(
                (gateway, log) -> positions.put(gateway, bound == Bound.Moving.EARLIEST ? log.oldest() : log.ends()));
        return LogOffset.of(positions);
    }
}
