package io.tidegate.processor.job;

import io.tidegate.processor.sink.Receipt.Published;
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
 * The plan over the past: the same graph as the {@linkplain Job live one}, behind a door that reads the log, under a clock
 * that goes on as soon as a batch is done. The batches have the times of receipt of their events, so windows are windows
 * over them.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
public final class Replay {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    /** So many batches are generated ahead of the one that runs. */
    private static final int AHEAD = 1;

    private static final int LOOK_MS = 100;
    private static final long TELL_NANOS = 10_000_000_000L;

    private final Plan plan;
    private final LogRange past;
    private final JobSettings settings;
    private final Course course;

    /**
     * The batches there will be.
     *
     * @param zeroMs the time before the first batch
     * @param lastMs the time of the last one
     * @param intervalMs from one to the next
     */
    record Course(long zeroMs, long lastMs, long intervalMs) {

        /**
         * Begins with the first event, at a time when all slides fall together; ends with the batch that has the last event,
         * and not before what the gateway has seen through.
         *
         * @param fromMs the time that was asked for
         */
        static Course of(Plan plan, Duration batchInterval, LogRange past, long fromMs) {
            long first = past.firstMs().orElse(past.throughMs());
            // A window that reaches back before the first event is whole when nothing is missing there.
            long begin = past.trimmed()
                    ? first
                    : Math.max(fromMs, first - plan.longestWindow().toMillis());
            long unit = plan.alignment(batchInterval).toMillis();
            long zero = Math.floorDiv(begin, unit) * unit;
            long interval = batchInterval.toMillis();
            long last = AlignedClock.nextMultiple(past.throughMs(), interval);
            return new Course(zero, Math.max(last, zero + interval), interval);
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
    public Replay(Plan plan, LogRange past, JobSettings settings, Instant from) {
        this.plan = plan;
        this.past = past;
        this.settings = settings;
        course = Course.of(plan, settings.batchInterval(), past, from.toEpochMilli());
    }

    /** The time before the first batch. */
    public Instant begin() {
        return Instant.ofEpochMilli(course.zeroMs());
    }

    /** The time of the last batch. */
    public Instant end() {
        return Instant.ofEpochMilli(course.lastMs());
    }

    /** How many batches there are. */
    public long batches() {
        return course.batches();
    }

    /** What makes a Spark context fit for this replay. */
    public SparkConf configured(SparkConf conf) {
        SparkConf virtual = conf.clone();
        VirtualClock.configure(virtual, course.zeroMs());
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
    public Ledger run(JavaSparkContext spark, Path folder, Published published) throws InterruptedException {
        JavaStreamingContext context = new JavaStreamingContext(
                spark,
                new org.apache.spark.streaming.Duration(settings.batchInterval().toMillis()));
        context.checkpoint(folder.toAbsolutePath().toUri().toString());
        Graph.build(plan, ReplayStream.create(context, past));
        ThisStart start = new ThisStart(
                        plan,
                        settings.sinks(),
                        batch -> ReplayStream.pulled(context, batch),
                        published,
                        System.out::println)
                .begin();
        Pacer pacer = new Pacer((ManualClock) context.ssc().scheduler().clock(), course);
        context.ssc().addStreamingListener(pacer);
        context.start();
        try {
            pacer.begin();
            await(context, start);
            return start.ledger();
        } finally {
            context.stop(false, false);
        }
    }

    private void await(JavaStreamingContext context, ThisStart start) throws InterruptedException {
        long told = System.nanoTime();
        while (start.ledger().batch() < course.lastMs()) {
            Throwable failure = failure(context, start);
            if (failure != null) {
                throw new IllegalStateException("the replay has failed", failure);
            }
            if (System.nanoTime() - told > TELL_NANOS) {
                LOG.info(
                        "replayed through {}",
                        Instant.ofEpochMilli(start.ledger().batch()));
                told = System.nanoTime();
            }
        }
    }

    private static @Nullable Throwable failure(JavaStreamingContext context, ThisStart start)
            throws InterruptedException {
        try {
            boolean unused = context.awaitTerminationOrTimeout(LOOK_MS);
            return start.failure();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) { // Scala throws what the job threw, unannounced
            return e;
        }
    }

    /** Advances the clock with every batch that is done. */
    private static final class Pacer implements StreamingListener {
        private final ManualClock clock;
        private final Course course;

        Pacer(ManualClock clock, Course course) {
            this.clock = clock;
            this.course = course;
        }

        void begin() {
            next(course.zeroMs());
        }

        @Override
        public void onBatchCompleted(StreamingListenerBatchCompleted completed) {
            next(completed.batchInfo().batchTime().milliseconds());
        }

        private void next(long doneMs) {
            clock.setTime(Math.min(course.lastMs(), doneMs + (1 + AHEAD) * course.intervalMs()));
        }
    }
}
