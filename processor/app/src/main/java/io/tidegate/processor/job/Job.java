package io.tidegate.processor.job;

import io.tidegate.spark.CreditGovernor;
import io.tidegate.spark.GatewayStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import org.apache.spark.streaming.scheduler.StreamingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plan, running on Spark: made anew, or continued from a checkpoint. */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
public final class Job implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Job.class);

    /** What Spark's own time-out may overrun by: a batch that is being processed, the last checkpoint. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final JavaStreamingContext context;
    private final ThisStart start;
    private final Duration stopTimeout;
    private final AtomicBoolean stopped = new AtomicBoolean();

    private Job(JavaStreamingContext context, ThisStart start, Duration stopTimeout) {
        this.context = context;
        this.start = start;
        this.stopTimeout = stopTimeout;
    }

    /**
     * Starts it. The Spark context is made first, from {@code conf}: a streaming context that comes out of a checkpoint
     * runs in it, with today's addresses and not with those of the day when the checkpoint was written.
     *
     * @param checkpoint where Spark keeps its checkpoints
     * @param published learns of results
     * @param batches learns of batches
     * @throws RuntimeException when there is a checkpoint that can't be read; never does that become a new state
     */
    public static Job start(
            SparkConf conf,
            Plan plan,
            JobSettings settings,
            Path checkpoint,
            ThisStart.Published published,
            StreamingListener batches) {
        JavaSparkContext spark = new JavaSparkContext(conf);
        try {
            spark.setLogLevel("WARN");
            String folder = checkpoint.toAbsolutePath().toUri().toString();
            JavaStreamingContext context =
                    JavaStreamingContext.getOrCreate(folder, () -> create(spark, plan, settings, folder));
            ThisStart start = new ThisStart(
                            settings.broker(),
                            batch -> GatewayStream.pulled(context, batch),
                            published,
                            System.out::println)
                    .begin();
            context.ssc().addStreamingListener(batches);
            context.start();
            return new Job(context, start, settings.stopTimeout());
        } catch (RuntimeException | Error e) {
            spark.close();
            throw e;
        }
    }

    private static JavaStreamingContext create(JavaSparkContext spark, Plan plan, JobSettings settings, String folder) {
        JavaStreamingContext context = new JavaStreamingContext(
                spark,
                new org.apache.spark.streaming.Duration(settings.batchInterval().toMillis()));
        context.checkpoint(folder);
        Graph.build(plan, GatewayStream.create(context, settings.door().withKeyGroups(plan.stateGroups())));
        return context;
    }

    /** How long Spark may go back to its input: what the gateway has to keep behind the newest event. */
    public Duration retention() {
        return Duration.ofMillis(
                context.ssc().graph().getInputStreams()[0].rememberDuration().milliseconds());
    }

    /** The account of the newest batch. */
    public Ledger ledger() {
        return start.ledger();
    }

    /** What holds the gateway back. */
    public CreditGovernor governor() {
        return GatewayStream.governor(context);
    }

    /**
     * Waits for the end.
     *
     * @return whether it was stopped; otherwise it has failed, and has said so in the log
     */
    public boolean await() throws InterruptedException {
        try {
            context.awaitTermination();
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) { // Scala throws what the job threw, unannounced
            start.failed(e);
            return false;
        }
    }

    /** Drains and stops in a thread of its own; when that takes too long, it ends without draining. */
    public void stop() {
        if (stopped.getAndSet(true)) {
            return;
        }
        daemon("stop", () -> context.stop(true, true));
        daemon("stop-timer", this::giveUp);
    }

    private void giveUp() {
        try {
            Thread.sleep(stopTimeout.plus(GRACE).toMillis());
            LOG.warn("draining takes longer than stop-timeout {}: it ends here; a restart continues", stopTimeout);
            context.stop(true, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Stops at once, without draining. */
    @Override
    public void close() {
        context.stop(true, false);
    }
}
