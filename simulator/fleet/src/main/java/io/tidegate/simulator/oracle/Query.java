package io.tidegate.simulator.oracle;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A query as far as the oracle understands it.
 *
 * @param from the table
 * @param value the column that is aggregated
 * @param gapMs of sessions
 * @param latenessMs of sessions
 * @param windowMs of windows and top lists
 * @param compute the figures of windows
 * @param onTopics whether it answers on topics
 * @param table the table that it answers into as well, or instead
 * @param notJudged why the oracle can't judge it; empty when it can
 */
public record Query(
        String name,
        String kind,
        String from,
        Optional<WhereClause> where,
        List<String> by,
        String value,
        long gapMs,
        long latenessMs,
        long windowMs,
        Set<String> compute,
        boolean onTopics,
        Optional<ResultTable> table,
        Optional<String> notJudged) {

    /** Why the rows of its table can't be judged, if they can't: an answer that was replaced by another one is gone. */
    public Optional<String> tableNotJudged() {
        return table.filter(into -> !into.key().equals(ResultTable.BY_ID))
                .filter(into ->
                        !(kind.equals("totals") && Set.copyOf(into.key()).equals(Set.copyOf(by))))
                .map(into -> "answers replace each other by " + String.join(", ", into.key()));
    }

    /** Whether it is over the whole table. */
    public boolean isUnfiltered() {
        return where.isPresent() && where.get().all().isEmpty();
    }

    /** The rows of each of its keys, in the order in which they are sent. */
    Map<String, List<Row>> rows(ExpectedState state) {
        return state.table(from).stream()
                .filter(row -> where.orElseThrow().holds(row))
                .collect(Collectors.groupingBy(this::key, TreeMap::new, Collectors.toList()));
    }

    /** The key of a row, as people read it: its values, in the order of {@code by}. */
    private String key(Row row) {
        return by.stream().map(column -> String.valueOf(row.get(column))).collect(Collectors.joining(" "));
    }
}
