package io.tidegate.simulator.oracle;

import io.tidegate.simulator.scenario.Fault;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as a query sees it.
 *
 * @param number its place among all that is sent: no two rows are equal
 * @param source who sent it: the device, or the client of a request
 * @param timeMs event time, epoch milliseconds
 * @param clamped the time is impossible: the gateway replaces it by the time of receipt, which nobody can foretell
 * @param phase how many times everything had been worked off before it was sent
 * @param faults of a reading: what moved its value, and a dropout for each reading that was lost just before
 * @param columns text, {@link Long}, {@link Double}; what is null is absent
 */
record Row(
        long number,
        String source,
        long timeMs,
        boolean clamped,
        int phase,
        List<Fault> faults,
        Map<String, Object> columns) {

    @Nullable
    Object get(String column) {
        return columns.get(column);
    }

    /** A number, or nothing. */
    @Nullable
    Double number(String column) {
        return columns.get(column) instanceof Number number ? Double.valueOf(number.doubleValue()) : null;
    }
}
