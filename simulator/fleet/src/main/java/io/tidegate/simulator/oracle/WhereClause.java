package io.tidegate.simulator.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@code where} that the oracle understands: comparisons of a column with a text or a number, joined by AND. A
 * comparison with null is not true.
 */
record WhereClause(List<Comparison> all) {
    private static final Pattern COMPARISON =
            Pattern.compile("\\s*(\\w+)\\s*(=|<>|!=|<=|>=|<|>)\\s*(?:'([^'\\\\]*)'|(-?\\d+(?:\\.\\d+)?))\\s*");
    private static final Pattern AND = Pattern.compile("(?i)\\s+AND\\s+");

    /** Empty when it is not understood. */
    static Optional<WhereClause> parse(String where, Set<String> columns) {
        List<Comparison> all = new ArrayList<>();
        for (String part : where.isBlank() ? new String[0] : AND.split(where.strip(), -1)) {
            Matcher matcher = COMPARISON.matcher(part);
            if (!matcher.matches() || !columns.contains(matcher.group(1))) {
                return Optional.empty();
            }
            String text = matcher.group(3);
            Object with = text != null ? text : (Object) Double.valueOf(matcher.group(4));
            all.add(new Comparison(matcher.group(1), matcher.group(2), with));
        }
        return Optional.of(new WhereClause(all));
    }

    /** Whether all rows for which it holds have the same value of this column. */
    boolean fixes(String column) {
        return all.stream().anyMatch(comparison -> comparison.column.equals(column) && comparison.operator.equals("="));
    }

    boolean holds(Row row) {
        return all.stream().allMatch(comparison -> comparison.holds(row.get(comparison.column)));
    }

    private record Comparison(String column, String operator, Object with) {
        boolean holds(@Nullable Object value) {
            if (value instanceof Number number && with instanceof Double other) {
                return test().test(Double.compare(number.doubleValue(), other));
            }
            return value instanceof String text && with instanceof String other && test().test(text.compareTo(other));
        }

        private IntPredicate test() {
            return switch (operator) {
                case "=" -> order -> order == 0;
                case "<" -> order -> order < 0;
                case ">" -> order -> order > 0;
                case "<=" -> order -> order <= 0;
                case ">=" -> order -> order >= 0;
                default -> order -> order != 0;
            };
        }
    }
}
