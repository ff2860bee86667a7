package io.tidegate.processor.structured;

import io.tidegate.processor.aggregate.EvictionCounts;
import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.spark.source.LogOffset;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.streaming.SourceProgress;
import org.apache.spark.sql.streaming.StateOperatorProgress;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.jspecify.annotations.Nullable;

/** How far a query in SQL has come since its start. Spark's listener thread writes, any thread reads. */
public final class StructuredProgress extends StreamingQueryListener {

    private static final int TELL_SECONDS = 30;

    private final LongAdder rows = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile LongSupplier failed = () -> 0;
    private volatile @Nullable StreamingQueryProgress newest;
    private volatile EvictionCounts dropped = EvictionCounts.NOTHING;

    StructuredProgress() {}

    /** Rows read. */
    public long rows() {
        return rows.sum();
    }

    /** Rows that were behind the watermark, and so are in no result. */
    public long late() {
        return late.sum();
    }

    /** Counts events that were late for a query that tells that itself. */
    void late(long events) {
        late.add(events);
    }

    /** From now on, who counts events that the query can't evaluate. */
    void countsFailed(LongSupplier counted) {
        failed = counted;
    }

    /** Events that the query could not evaluate, and left out. */
    public long failed() {
        return failed.getAsLong();
    }

    /** Counts keys that were forgotten before their time, by a query that tells that itself. */
    void dropped(long keys, long batchMs) {
        dropped = dropped.plus(keys, 0, batchMs);
    }

    /**
     * How much the query keeps, and what it has dropped since this start. Its keys are the rows of its state: one for a key
     * of sessions; of a query in SQL, one for each group, and more for a join. Bytes are about the memory that the state
     * takes, outside of the heap with RocksDB.
     */
    public StateSize stateSize() {
        return dropped.size(state(StateOperatorProgress::numRowsTotal), state(StateOperatorProgress::memoryUsedBytes));
    }

    /** The time of the newest micro-batch, epoch milliseconds; 0 before the first one. */
    public long batchMs() {
        StreamingQueryProgress progress = newest;
        return progress == null ? 0 : Instant.parse(progress.timestamp()).toEpochMilli();
    }

    private long state(ToLongFunction<StateOperatorProgress> figure) {
        StreamingQueryProgress progress = newest;
        return progress == null
                ? 0
                : Arrays.stream(progress.stateOperators()).mapToLong(figure).sum();
    }

    /** Micro-batches. */
    public long batches() {
        return batches.sum();
    }

    /** The newest micro-batch, for people: its number and times, and what the source says of its backlog. */
    public Map<String, Object> shown() {
        Map<String, Object> shown = new LinkedHashMap<>();
        StreamingQueryProgress progress = newest;
        if (progress != null) {
            shown.put("microBatch", progress.batchId());
            shown.put("time", progress.timestamp());
            shown.put("rows", events(progress));
            shown.put("rowsSinceStart", rows());
            shown.put("lateSinceStart", late());
            shown.put("failedSinceStart", failed());
            shown.put("position", position(progress));
            shown.put("durationMs", progress.batchDuration());
            if (!isTicked(progress)) {
                shown.put("eventTime", progress.eventTime());
            }
            shown.put("source", progress.sources()[0].metrics());
        }
        return shown;
    }

    /** How many events of the log, since it began, are behind the query: the sum of its offsets. */
    private static long position(StreamingQueryProgress progress) {
        String end = progress.sources()[0].endOffset();
        return end == null ? 0 : LogOffset.events(end);
    }

    /** The rows of a micro-batch, without the one that says what time it is. */
    private static long events(StreamingQueryProgress progress) {
        return progress.numInputRows() - (isTicked(progress) ? 1 : 0);
    }

    private static boolean isTicked(StreamingQueryProgress progress) {
        SourceProgress source = progress.sources()[0];
        return LogOffset.ticked(source.startOffset(), source.endOffset());
    }

    @Override
    public void onQueryStarted(QueryStartedEvent event) {}

    @Override
    public void onQueryProgress(QueryProgressEvent event) {
        StreamingQueryProgress progress = event.progress();
        newest = progress;
        rows.add(events(progress));
        batches.increment();
        for (StateOperatorProgress operator : progress.stateOperators()) {
            late.add(operator.numRowsDroppedByWatermark());
        }
    }

    /** Spark tells this last. */
    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {
        ended.countDown();
    }

    /** Waits until everything about a query that has ended has been told. */
    void awaitEnd() throws InterruptedException {
        if (!ended.await(TELL_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Spark does not tell of the end of a query that has ended");
        }
    }
}
