package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.Aggregation;
import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.RequestFields;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.aggregate.ledger.LedgerPartial;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.query.FilterReason;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.expression.EvaluatorPool;
import io.tidegate.processor.query.expression.FailedEventLog;
import io.tidegate.processor.query.expression.RowEvaluator;
import io.tidegate.processor.query.expression.UnusableEventException;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.EventColumn;
import io.tidegate.spark.event.EventCursor;
import io.tidegate.spark.event.EventRow;
import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.event.StreamElement;
import io.tidegate.spark.event.Tick;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import scala.Tuple2;

/**
 * Reduces the records of one partition to one partial per query and state group. One task, one thread.
 *
 * <p>The door brings the events of every table, and every query pulls all of them: an event that is no row of a query's
 * table is filtered for that query, as one is that its {@code where} does not want. So for every query and key group
 * pulled = applied + late + filtered, with the one number of pulled events that the door knows.
 */
final class PartitionAggregator implements AutoCloseable {

    private final JobPlan plan;
    private final int[] spaces;
    private final Map<EventTable, EventRow> rows = new EnumMap<>(EventTable.class);
    private final List<QueryAggregation> aggregations = new ArrayList<>();
    private final List<Tuple2<QueryKey, Partial>> ticks = new ArrayList<>();

    PartitionAggregator(JobPlan plan) {
        this.plan = plan;
        spaces = plan.spaces();
        for (EventTable table : EventTable.values()) {
            rows.put(table, new EventRow(table, plan.gateway()));
        }
        Map<List<?>, EventKeys> keys = new HashMap<>();
        for (int i = 0; i < plan.queries().size(); i++) {
            RowExpressions rows = plan.queries().get(i).rows();
            RowEvaluator evaluator = EvaluatorPool.borrow(rows);
            EventKeys shared = keys.computeIfAbsent(List.of(rows.from(), rows.by()), by -> new EventKeys(evaluator));
            aggregations.add(new QueryAggregation(plan, i, evaluator, shared));
        }
    }

    void accept(StreamElement element) {
        if (element instanceof EventChunk chunk) {
            EventCursor events = chunk.cursor();
            while (events.next()) {
                accept(events);
            }
            aggregations.forEach(query -> query.countInLedger(chunk.keyGroup()));
        } else if (element instanceof Tick tick) {
            accept(tick);
        }
    }

    private void accept(EventCursor event) {
        EventTable table = event.table();
        EventRow row = table == null ? null : rows.get(table);
        if (row == null) {
            aggregations.forEach(query -> query.countFiltered(FilterReason.OTHER_TABLE));
            return;
        }
        row.at(event);
        for (QueryAggregation query : aggregations) {
            if (query.from() == table) {
                query.accept(row);
            } else {
                query.countFiltered(FilterReason.OTHER_TABLE);
            }
        }
    }

    /** A tick goes to every key there is: timers fire and windows slide without events as well. */
    private void accept(Tick tick) {
        TickPartial partial = new TickPartial(tick.batchMs(), tick.seenThroughMs());
        Set<Integer> all = new LinkedHashSet<>();
        for (int i = 0; i < spaces.length; i++) {
            ticks.add(new Tuple2<>(new QueryKey(i, QueryKey.LEDGER_GROUP), partial));
            all.add(spaces[i]);
        }
        for (int space : all) {
            for (int group = 0; group < plan.stateGroups(); group++) {
                ticks.add(new Tuple2<>(new QueryKey(space, group), partial));
            }
        }
    }

    /** What came together; call it once. */
    List<Tuple2<QueryKey, Partial>> partials() {
        List<Tuple2<QueryKey, Partial>> all = new ArrayList<>(ticks);
        for (QueryAggregation query : aggregations) {
            query.builder
                    .build()
                    .forEach((group, partial) ->
                            all.add(new Tuple2<>(new QueryKey(spaces[query.index], group), partial)));
            LedgerCounts counts = query.ledger.build();
            if (!counts.groups().isEmpty()) {
                all.add(new Tuple2<>(
                        new QueryKey(query.index, QueryKey.LEDGER_GROUP), new LedgerPartial(counts, Partial.NO_TICK)));
            }
        }
        return all;
    }

    @Override
    public void close() {
        aggregations.forEach(QueryAggregation::close);
    }

    /** The keys of an event, which queries with the same {@code by} share: they are found once. */
    private static final class EventKeys {
        private final RowEvaluator evaluator;
        private List<String> keys = List.of();
        private int keyGroup = -1;
        private long offset;

        EventKeys(RowEvaluator evaluator) {
            this.evaluator = evaluator;
        }

        List<String> of(EventRow row) {
            if (row.offset() != offset || row.keyGroup() != keyGroup) {
                keys = evaluator.keys(row);
                offset = row.offset();
                keyGroup = row.keyGroup();
            }
            return keys;
        }
    }

    /** One query's share of the work. */
    private static final class QueryAggregation {
        private static final int LEAST_ERROR = 400;
        private static final EventColumn METRIC = column(EventTable.READINGS, "metric");
        private static final EventColumn PATH = column(EventTable.REQUESTS, "path");
        private static final EventColumn BYTES = column(EventTable.REQUESTS, "bytes");
        private static final EventColumn STATUS = column(EventTable.REQUESTS, "status");

        private final int index;
        private final Query query;
        private final boolean stateDecidesLateness;
        private final RowEvaluator evaluator;
        private final EventKeys keys;
        private final PartialBuilder builder;
        private final LedgerCounts.Builder ledger = new LedgerCounts.Builder();
        private long applied;
        private final Map<FilterReason, long[]> filtered = new EnumMap<>(FilterReason.class);

        QueryAggregation(JobPlan plan, int index, RowEvaluator evaluator, EventKeys keys) {
            this.index = index;
            this.evaluator = evaluator;
            this.keys = keys;
            query = plan.queries().get(index);
            for (FilterReason reason : FilterReason.values()) {
                filtered.put(reason, new long[1]);
            }
            Aggregation aggregation = plan.aggregation(index);
            stateDecidesLateness = aggregation.decidesLateness();
            builder = aggregation.builder(plan.stateGroups());
        }

        private static EventColumn column(EventTable table, String name) {
            return table.column(name).orElseThrow();
        }

        EventTable from() {
            return query.rows().from();
        }

        /** An event that the query can't handle must not stop the stream: it is in no result, and is counted as that. */
        void accept(EventRow row) {
            try {
                if (evaluator.matches(row)) {
                    count(row, keys.of(row));
                } else {
                    countFiltered(FilterReason.WHERE);
                }
            } catch (Exception | StackOverflowError e) { // Scala throws checked ones too, unannounced
                FailedEventLog.report(query.name(), e);
                countFiltered(UnusableEventException.reasonOf(e));
            }
        }

        private void count(EventRow row, List<String> byKeys) {
            if (byKeys.isEmpty()) {
                countFiltered(FilterReason.NO_KEY);
                return;
            }
            InputEvent event = new InputEvent(
                    Math.floorDiv(row.timeUs(), 1000L),
                    row.receivedMs(),
                    row.keyGroup(),
                    row.offset(),
                    from() == EventTable.READINGS ? String.valueOf(METRIC.read(row)) : "",
                    evaluator.value(row),
                    stateDecidesLateness && from() == EventTable.REQUESTS ? request(row) : null);
            for (String byKey : byKeys) {
                builder.add(byKey, event);
            }
            // The state of sessions counts an event once per key, applied or late: here what is too much is taken back.
            applied += stateDecidesLateness ? 1 - byKeys.size() : 1;
        }

        private static RequestFields request(EventRow request) {
            return new RequestFields(
                    (String) PATH.read(request),
                    BYTES.read(request) instanceof Long bytes ? bytes : 0,
                    STATUS.read(request) instanceof Integer status && status >= LEAST_ERROR);
        }

        void countFiltered(FilterReason reason) {
            Objects.requireNonNull(filtered.get(reason))[0]++;
        }

        void countInLedger(int keyGroup) {
            if (applied != 0) {
                ledger.applied(keyGroup, applied);
            }
            filtered.forEach((reason, events) -> {
                if (events[0] != 0) {
                    ledger.filtered(keyGroup, reason, events[0]);
                }
                events[0] = 0;
            });
            applied = 0;
        }

        void close() {
            EvaluatorPool.giveBack(query.rows(), evaluator);
        }
    }
}
