package io.tidegate.simulator.oracle;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Count, sum, mean, least and greatest of some rows, exactly, and rounded once. */
final class Statistics {
    private Statistics() {}

    /** Adds the figures under their names to an answer. Without a value there is a count alone. */
    static void put(Map<String, Object> answer, String prefix, List<Row> rows, String column) {
        answer.put(prefix + "count", (long) rows.size());
        List<Double> values = rows.stream()
                .map(row -> row.number(column))
                .filter(Objects::nonNull)
                .toList();
        if (values.isEmpty()) {
            return;
        }
        BigDecimal sum = values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        answer.put(prefix + "sum", sum.doubleValue());
        answer.put(
                prefix + "mean",
                sum.divide(BigDecimal.valueOf(values.size()), MathContext.DECIMAL128)
                        .doubleValue());
        answer.put(prefix + "min", values.stream().min(Double::compare).orElseThrow());
        answer.put(prefix + "max", values.stream().max(Double::compare).orElseThrow());
    }
}
