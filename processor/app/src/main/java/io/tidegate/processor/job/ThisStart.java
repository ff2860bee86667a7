package io.tidegate.processor.job;

import io.tidegate.processor.partial.LedgerCounts;
import io.tidegate.processor.partial.QueryKey;
import io.tidegate.spark.mqtt.MqttTarget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What belongs to one start of the driver and so must not be in the graph: where to publish, who listens to what has been
 * counted, whether a batch has failed. A graph that was read from a checkpoint finds it through {@link #current}; there
 * is one at a time in a JVM. Spark's job thread writes, any thread reads.
 */
public final class ThisStart {

    private static final Logger LOG = LoggerFactory.getLogger(ThisStart.class);
    private static final AtomicReference<@Nullable ThisStart> CURRENT = new AtomicReference<>();

    private final MqttTarget broker;
    private final LongFunction<SortedMap<Integer, Long>> pulled;
    private final Published published;
    private final Consumer<String> console;
    private volatile Ledger ledger = Ledger.NONE;
    private volatile @Nullable Throwable failure;

    /** Learns of every result that was published. */
    @FunctionalInterface
    public interface Published {
        /** So many results of a query. */
        void results(String query, long count);
    }

    /**
     * A start.
     *
     * @param broker where results go
     * @param pulled for the time of a batch, the events per key group that came through the door since the first batch
     * @param published learns of what was published
     * @param console takes the lines of queries with {@code to = [console]}
     */
    public ThisStart(
            MqttTarget broker,
            LongFunction<SortedMap<Integer, Long>> pulled,
            Published published,
            Consumer<String> console) {
        this.broker = broker;
        this.pulled = pulled;
        this.published = published;
        this.console = console;
    }

    /** Makes it the current one. */
    public ThisStart begin() {
        CURRENT.set(this);
        return this;
    }

    static ThisStart current() {
        ThisStart current = CURRENT.get();
        if (current == null) {
            throw new IllegalStateException("no start of the processor in this JVM");
        }
        return current;
    }

    MqttTarget broker() {
        return broker;
    }

    /** The account of the newest batch that is complete. */
    public Ledger ledger() {
        return ledger;
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

    void completed(Plan plan, long batchMs, List<Delivered> delivered) {
        Map<QueryKey, LedgerCounts> counts = new HashMap<>();
        for (Delivered part : delivered) {
            counts.putAll(part.ledger());
            part.published().forEach(published::results);
            part.console().forEach(console);
        }
        ledger = Ledger.of(plan, batchMs, pulled.apply(batchMs), counts);
        if (ledger.residual() != 0) {
            LOG.warn("batch {}: the ledger does not add up: {}", batchMs, ledger);
        }
    }
}
