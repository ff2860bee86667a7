package io.tidegate.processor.ledger;

import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.ledger.LedgerCounts.EventCounts;
import io.tidegate.processor.query.FilterReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The account of one batch and everything before it. Law, per query and key group: pulled = applied + late + filtered,
 * where {@code pulled} comes from the door's offsets and the rest from the states.
 *
 * @param batch the batch's time, epoch milliseconds; 0 before the first
 * @param queries in the order of their names
 * @param residual the sum of the queries' absolute residuals; 0 when the law holds
 */
public record Ledger(long batch, List<QueryAccount> queries, long residual) {

    /** Before the first batch. */
    public static final Ledger NONE = new Ledger(0, List.of(), 0);

    /**
     * One query's account.
     *
     * @param reasons the filtered events by {@link FilterReason#label}, those reasons that there are
     */
    public record QueryAccount(
            String query,
            long pulled,
            long applied,
            long late,
            long filtered,
            long residual,
            SortedMap<String, Long> reasons,
            List<Row> keyGroups) {

        /** The filtered events that the query wanted, or might have wanted, but could not handle. */
        public long failed() {
            return Stream.of(FilterReason.EXPRESSION_FAILED, FilterReason.KEY_TOO_LONG, FilterReason.TOO_MANY_KEYS)
                    .mapToLong(reason -> reasons.getOrDefault(reason.label(), 0L))
                    .sum();
        }
    }

    /** One query's account of a key group. */
    public record Row(int keyGroup, long pulled, long applied, long late, long filtered, long residual) {

        static Row of(int keyGroup, long pulled, EventCounts events) {
            return new Row(
                    keyGroup, pulled, events.applied(), events.late(), events.filtered(), pulled - events.pulled());
        }
    }

    /**
     * The account of a batch.
     *
     * @param queries the names of the queries, by their index
     * @param pulled events per key group since the first batch
     * @param counts what every state has counted since the first batch
     */
    public static Ledger of(
            List<String> queries, long batch, SortedMap<Integer, Long> pulled, Map<QueryKey, LedgerCounts> counts) {
        List<QueryAccount> accounts = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            accounts.add(account(queries.get(i), pulled, counts(i, counts)));
        }
        long residual = accounts.stream().mapToLong(QueryAccount::residual).sum();
        return new Ledger(batch, List.copyOf(accounts), residual);
    }

    private static LedgerCounts counts(int query, Map<QueryKey, LedgerCounts> counts) {
        LedgerCounts sum = LedgerCounts.NONE;
        for (Map.Entry<QueryKey, LedgerCounts> entry : counts.entrySet()) {
            sum = entry.getKey().query() == query ? sum.plus(entry.getValue()) : sum;
        }
        return sum;
    }

    private static QueryAccount account(String query, SortedMap<Integer, Long> pulled, LedgerCounts counts) {
        TreeMap<Integer, EventCounts> perGroup = new TreeMap<>(counts.groups());
        pulled.keySet().forEach(group -> perGroup.putIfAbsent(group, new EventCounts(0, 0, 0)));
        SortedMap<String, Long> reasons = new TreeMap<>();
        counts.reasons().forEach((reason, events) -> reasons.put(reason.label(), events));
        List<Row> rows = new ArrayList<>();
        perGroup.forEach((group, events) -> rows.add(Row.of(group, pulled.getOrDefault(group, 0L), events)));
        return new QueryAccount(
                query,
                rows.stream().mapToLong(Row::pulled).sum(),
                rows.stream().mapToLong(Row::applied).sum(),
                rows.stream().mapToLong(Row::late).sum(),
                rows.stream().mapToLong(Row::filtered).sum(),
                rows.stream().mapToLong(row -> Math.abs(row.residual())).sum(),
                Collections.unmodifiableSortedMap(reasons),
                List.copyOf(rows));
    }
}
