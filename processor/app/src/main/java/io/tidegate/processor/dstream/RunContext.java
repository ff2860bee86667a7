package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.aggregate.top.Ranking;
import io.tidegate.processor.aggregate.top.TopAggregation;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.Target;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.sink.DeliveryReceipt;
import io.tidegate.processor.sink.DeliveryReceipt.PublishListener;
import io.tidegate.processor.sink.ResultDelivery;
import io.tidegate.processor.sink.Sinks;
import io.tidegate.processor.sink.TableSink;
import io.tidegate.spark.sink.jdbc.JdbcResults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What belongs to one start of the driver and so must not be in the graph: where to publish, who listens to what has been
 * counted, whether a batch has failed. A graph that was read from a checkpoint finds it through {@link #current}; there
 * is one at a time in a JVM. Spark's job thread writes, any thread reads.
 */
public final class RunContext {

    private static final Logger LOG = LoggerFactory.getLogger(RunContext.class);
    private static final AtomicReference<@Nullable RunContext> CURRENT = new AtomicReference<>();

    private final JobPlan configured;
    private final Map<String, List<Target>> targets;
    private final Sinks sinks;
    private final LongFunction<SortedMap<Integer, Long>> pulled;
    private final PublishListener published;
    private final Consumer<String> console;
    private boolean prepared;
    private volatile Ledger ledger = Ledger.NONE;
    private volatile Map<String, StateSize> stateSizes = Map.of();
    private volatile @Nullable Throwable failure;

    /**
     * A start.
     *
     * @param plan as the configuration of this start has it: of its queries, where results go and how much their states may
     *     hold, which a graph that was read from a checkpoint does not decide
     * @param sinks where results go
     * @param pulled for the time of a batch, the events per key group that came through the door since the first batch
     * @param published learns of what was published
     * @param console takes the lines of queries with {@code to = [console]}
     */
    public RunContext(
            JobPlan plan,
            Sinks sinks,
            LongFunction<SortedMap<Integer, Long>> pulled,
            PublishListener published,
            Consumer<String> console) {
        configured = plan;
        targets = plan.queries().stream().collect(Collectors.toUnmodifiableMap(Query::name, Query::to));
        this.sinks = sinks;
        this.pulled = pulled;
        this.published = published;
        this.console = console;
    }

    /** Makes it the current one. */
    public RunContext begin() {
        CURRENT.set(this);
        return this;
    }

    static RunContext current() {
        RunContext current = CURRENT.get();
        if (current == null) {
            throw new IllegalStateException("no start of the processor in this JVM");
        }
        return current;
    }

    /** A plan with the bounds of states that the configuration of this start has; the plan itself before there is one. */
    static JobPlan bounded(JobPlan plan) {
        RunContext current = CURRENT.get();
        return current == null ? plan : plan.boundedAs(current.configured);
    }

    /** Delivers results of a batch, to where this start has them go. */
    ResultDelivery delivery() {
        return new ResultDelivery(targets, sinks);
    }

    /** Before the first batch: makes the tables that are missing. */
    void prepare() throws InterruptedException {
        if (prepared) {
            return;
        }
        for (TableSink sink : sinks.tables().values()) {
            JdbcResults.makeTables(sink.database(), List.of(sink.table().table()));
        }
        prepared = true;
    }

    /** The account of the newest batch that is complete. */
    public Ledger ledger() {
        return ledger;
    }

    /** How much the states of each query hold since the newest batch that is complete, by its name. */
    public Map<String, StateSize> stateSizes() {
        return stateSizes;
    }

    /** What stopped the processor, if anything did. */
    public @Nullable Throwable failure() {
        return failure;
    }

    void refuseAfterFailure(long batchMs) {
        if (failure != null) {
            throw new IllegalStateException("batch " + batchMs + ": an earlier batch has failed", failure);
        }
    }

    /** No batch may be completed after this; told once. */
    synchronized void failed(Throwable cause) {
        if (failure == null) {
            LOG.error("a batch has failed, the processor stops", cause);
            failure = cause;
        }
    }

    /** Between the slides of a window nothing is told of it. */
    private Map<String, StateSize> stateSizes(JobPlan plan, long batchMs, List<TaskReport> reports) {
        Map<String, StateSize> sizes = new HashMap<>();
        for (Query query : plan.queries()) {
            boolean slides = !(query.kind() instanceof QueryKind.Windowed window) || batchMs % window.slideMs() == 0;
            sizes.put(query.name(), slides ? StateSize.NONE : stateSizes.getOrDefault(query.name(), StateSize.NONE));
        }
        reports.forEach(report -> report.stateSizes()
                .forEach((key, size) ->
                        sizes.merge(plan.queries().get(key.query()).name(), size, StateSize::plus)));
        return Map.copyOf(sizes);
    }

    /**
     * The driver's part of a batch.
     *
     * @param reports of all its tasks
     */
    void complete(JobPlan plan, long batchMs, List<TaskReport> reports) throws InterruptedException {
        Map<QueryKey, LedgerCounts> counts = new HashMap<>();
        List<DeliveryReceipt> receipts = new ArrayList<>();
        for (TaskReport report : reports) {
            counts.putAll(report.ledger());
            receipts.add(report.results());
        }
        List<Result> rankings = rankings(plan, reports);
        if (!rankings.isEmpty()) {
            receipts.add(delivery().deliver(rankings.iterator()));
        }
        DeliveryReceipt.complete(receipts, batchMs, sinks.files(), published, console);
        stateSizes = stateSizes(plan, batchMs, reports);
        ledger = Ledger.of(plan.names(), batchMs, pulled.apply(batchMs), counts);
        if (ledger.residual() != 0) {
            LOG.warn("batch {}: the ledger does not add up: {}", batchMs, ledger);
        }
    }

    /** The result of a top query is made of what all tasks have. So the driver delivers it: a few keys, and no shuffle. */
    private static List<Result> rankings(JobPlan plan, List<TaskReport> reports) {
        Map<Integer, Ranking> rankings = new TreeMap<>();
        for (TaskReport report : reports) {
            report.rankings().forEach((query, ranking) -> rankings.merge(query, ranking, Ranking::merge));
        }
        List<Result> results = new ArrayList<>();
        rankings.forEach((query, ranking) -> results.add(((TopAggregation) plan.aggregation(query)).result(ranking)));
        return results;
    }
}
