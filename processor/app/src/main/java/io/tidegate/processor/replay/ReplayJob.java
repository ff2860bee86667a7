package io.tidegate.processor.replay;

import io.tidegate.processor.dstream.AlignedClock;
import io.tidegate.processor.dstream.JobPlan;
import io.tidegate.processor.dstream.JobSettings;
import io.tidegate.processor.dstream.RunContext;
import io.tidegate.processor.dstream.StreamGraph;
import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.sink.DeliveryReceipt.PublishListener;
import io.tidegate.spark.dstream.LogRange;
import io.tidegate.spark.dstream.ReplayStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import org.apache.spark.streaming.scheduler.StreamingListener;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchCompleted;
import org.apache.spark.util.ManualClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plan over the past: the same graph as the {@linkplain io.tidegate.processor.dstream.StreamingJob live one}, behind a
 * door that reads the log, under a clock that goes on as soon as a batch is done. The batches have the times of receipt of
 * their events, so windows are windows over them.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
public final class ReplayJob {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayJob.class);

    /** So many batches are generated ahead of the one that runs. */
    private static final int AHEAD = 1;

    private static final int POLL_MS = 100;
    private static final long LOG_EVERY_NANOS = 10_000_000_000L;

    private final JobPlan plan;
    private final LogRange log;
    private final JobSettings settings;
    private final BatchRange range;

    /**
     * The batches there will be.
     *
     * @param zeroMs the time before the first batch
     * @param lastMs the time of the last one
     * @param intervalMs from one to the next
     */
    record BatchRange(long zeroMs, long lastMs, long intervalMs) {

        /**
         * Begins with the first event, at a time when all slides fall together; ends with the batch that has the last event,
         * and not before what the gateway has seen through.
         *
         * @param fromMs the time that was asked for
         */
        static BatchRange of(JobPlan plan, Duration batchInterval, LogRange log, long fromMs) {
            long first = log.firstMs().orElse(log.throughMs());
            // A window that reaches back before the first event is whole when nothing is missing there.
            long begin = log.trimmed()
                    ? first
                    : Math.max(fromMs, first - plan.longestWindow().toMillis());
            long unit = plan.alignment(batchInterval).toMillis();
            long zero = Math.floorDiv(begin, unit) * unit;
            long interval = batchInterval.toMillis();
            long last = AlignedClock.nextMultiple(log.throughMs(), interval);
            return new BatchRange(zero, Math.max(last, zero + interval), interval);
        }

        long batches() {
            return (lastMs - zeroMs) / intervalMs;
        }
    }

    /**
     * Prepares it.
     *
     * @param from the time of receipt that was asked for
     */
    public ReplayJob(JobPlan plan, LogRange log, JobSettings settings, Instant from) {
        this.plan = plan;
        this.log = log;
        this.settings = settings;
        range = BatchRange.of(plan, settings.batchInterval(), log, from.toEpochMilli());
    }

    /** The time before the first batch. */
    public Instant begin() {
        return Instant.ofEpochMilli(range.zeroMs());
    }

    /** The time of the last batch. */
    public Instant end() {
        return Instant.ofEpochMilli(range.lastMs());
    }

    /** How many batches there are. */
    public long batches() {
        return range.batches();
    }

    /** What makes a Spark context fit for this replay. */
    public SparkConf configured(SparkConf conf) {
        SparkConf virtual = conf.clone();
        ReplayClock.configure(virtual, range.zeroMs());
        return virtual;
    }

    /**
     * Runs to the end.
     *
     * @param spark a context that was {@link #configured} for it; stays open
     * @param folder for what Spark keeps meanwhile; of no use afterwards
     * @param published learns of results
     * @return the account of all of it
     * @throws IllegalStateException when a batch failed; the log says why
     */
    public Ledger run(JavaSparkContext spark, Path folder, PublishListener published) throws InterruptedException {
        JavaStreamingContext context = new JavaStreamingContext(
                spark,
                new org.apache.spark.streaming.Duration(settings.batchInterval().toMillis()));
        context.checkpoint(folder.toAbsolutePath().toUri().toString());
        StreamGraph.build(plan, ReplayStream.create(context, log));
        RunContext run = new RunContext(
                        plan,
                        settings.sinks(),
                        batch -> ReplayStream.pulled(context, batch),
                        published,
                        System.out::println)
                .begin();
        ClockAdvancer advancer =
                new ClockAdvancer((ManualClock) context.ssc().scheduler().clock(), range);
        context.ssc().addStreamingListener(advancer);
        context.start();
        try {
            advancer.begin();
            await(context, run);
            return run.ledger();
        } finally {
            context.stop(false, false);
        }
    }

    private void await(JavaStreamingContext context, RunContext run) throws InterruptedException {
        long loggedNanos = System.nanoTime();
        while (run.ledger().batch() < range.lastMs()) {
            Throwable failure = failure(context, run);
            if (failure != null) {
                throw new IllegalStateException("the replay has failed", failure);
            }
            if (System.nanoTime() - loggedNanos > LOG_EVERY_NANOS) {
                LOG.info(
                        "replayed through {}", Instant.ofEpochMilli(run.ledger().batch()));
                loggedNanos = System.nanoTime();
            }
        }
    }

    private static @Nullable Throwable failure(JavaStreamingContext context, RunContext run)
            throws InterruptedException {
        try {
            boolean unused = context.awaitTerminationOrTimeout(POLL_MS);
            return run.failure();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) { // Scala throws what the job threw, unannounced
            return e;
        }
    }

    /** Advances the clock with every batch that is done. */
    private static final class ClockAdvancer implements StreamingListener {
        private final ManualClock clock;
        private final BatchRange range;

        ClockAdvancer(ManualClock clock, BatchRange range) {
            this.clock = clock;
            this.range = range;
        }

        void begin() {
            next(range.zeroMs());
        }

        @Override
        public void onBatchCompleted(StreamingListenerBatchCompleted completed) {
            next(completed.batchInfo().batchTime().milliseconds());
        }

        private void next(long doneMs) {
            clock.setTime(Math.min(range.lastMs(), doneMs + (1 + AHEAD) * range.intervalMs()));
        }
    }
}
