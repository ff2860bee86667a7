package io.tidegate.simulator.answers;

import java.util.List;
import java.util.Optional;
import java.util.Set;
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
 * @param limit the length of top lists
 * @param notJudged why the oracle can't judge it; empty when it can
 */
public record JudgedQuery(
        String name,
        String kind,
        String from,
        Optional<Condition> where,
        List<String> by,
        String value,
        long gapMs,
        long latenessMs,
        long windowMs,
        Set<String> compute,
        int limit,
        Optional<String> notJudged) {

    /** Its rows, in the order in which they are sent. */
    List<Row> rows(World world) {
        return world.table(from).stream()
                .filter(row -> where.orElseThrow().holds(row))
                .toList();
    }

    /** The key of a row, as people read it: its values, in the order of {@code by}. */
    String key(Row row) {
        return by.stream().map(column -> String.valueOf(row.get(column))).collect(Collectors.joining(" "));
    }
}
