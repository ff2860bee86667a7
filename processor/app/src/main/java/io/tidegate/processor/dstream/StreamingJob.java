package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.checkpoint.RefusedCheckpointException;
import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.sink.DeliveryReceipt.PublishListener;
import io.tidegate.spark.dstream.BackpressureController;
import io.tidegate.spark.dstream.GatewayStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function0;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import org.apache.spark.streaming.scheduler.StreamingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plan, running on Spark: made anew, or continued from a checkpoint. */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
public final class StreamingJob implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamingJob.class);

    private final JavaStreamingContext context;
    private final RunContext run;
    private final AtomicBoolean stopped = new AtomicBoolean();

    private StreamingJob(JavaStreamingContext context, RunContext run) {
        this.context = context;
        this.run = run;
    }

    /**
     * Starts it. The Spark context is made first, from {@code conf}: a streaming context that comes out of a checkpoint
     * runs in it, with today's addresses and not with those of the day when the checkpoint was written.
     *
     * @param plan as the configuration has it now; a checkpoint has its own, which differs in where results go at most
     * @param checkpoint where Spark keeps its checkpoints
     * @param published learns of results
     * @param batches learns of batches
     * @throws RefusedCheckpointException when there is a checkpoint that can't be read; never does that become a new state
     */
    public static StreamingJob start(
            SparkConf conf,
            JobPlan plan,
            JobSettings settings,
            Path checkpoint,
            PublishListener published,
            StreamingListener batches)
            throws RefusedCheckpointException {
        JavaSparkContext spark = sparkContext(conf);
        try {
            spark.setLogLevel("WARN");
            String folder = checkpoint.toAbsolutePath().toUri().toString();
            JavaStreamingContext context = context(folder, () -> create(spark, plan, settings, folder));
            RunContext run = new RunContext(
                            plan,
                            settings.sinks(),
                            batch -> GatewayStream.pulled(context, batch),
                            published,
                            System.out::println)
                    .begin();
            context.ssc().addStreamingListener(batches);
            context.start();
            return new StreamingJob(context, run);
        } catch (Exception | Error e) { // Scala throws checked ones too, unannounced
            spark.close();
            throw e;
        }
    }

    /**
     * A Spark context. When its UI is off, nothing listens for what the UI would show: that listener writes down every
     * persisted RDD anew whenever a block of any other comes or goes, so with a window of many panes it takes a core.
     */
    static JavaSparkContext sparkContext(SparkConf conf) {
        JavaSparkContext spark = new JavaSparkContext(conf);
        if (!conf.getBoolean("spark.ui.enabled", true)) {
            spark.sc().removeSparkListener(spark.sc().statusStore().listener().get());
        }
        return spark;
    }

    private static JavaStreamingContext context(String folder, Function0<JavaStreamingContext> create)
            throws RefusedCheckpointException {
        try {
            return JavaStreamingContext.getOrCreate(folder, create);
        } catch (Exception e) {
            if (!String.valueOf(e.getMessage()).startsWith("Failed to read checkpoint")) {
                throw e;
            }
            LOG.error("the checkpoint can't be read", e);
            throw new RefusedCheckpointException("checkpoint-dir: " + folder + " holds a state that can't be read, "
                    + "as the lines above say\nEither restore the folder, or start with --fresh: a new state, from where"
                    + " the last one had committed (the old one is set aside).");
        }
    }

    private static JavaStreamingContext create(
            JavaSparkContext spark, JobPlan plan, JobSettings settings, String folder) {
        JavaStreamingContext context = new JavaStreamingContext(
                spark,
                new org.apache.spark.streaming.Duration(settings.batchInterval().toMillis()));
        context.checkpoint(folder);
        StreamGraph.build(plan, GatewayStream.create(context, settings.door().withKeyGroups(plan.stateGroups())));
        return context;
    }

    /** How long Spark may go back to its input: what the gateway has to keep behind the newest event. */
    public Duration retention() {
        return Duration.ofMillis(
                context.ssc().graph().getInputStreams()[0].rememberDuration().milliseconds());
    }

    /** The account of the newest batch. */
    public Ledger ledger() {
        return run.ledger();
    }

    /** How much the states of a query hold. */
    public StateSize stateSize(String query) {
        return run.stateSizes().getOrDefault(query, StateSize.NONE);
    }

    /** What holds the gateway back. */
    public BackpressureController backpressure() {
        return GatewayStream.backpressure(context);
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
            run.failed(e);
            return false;
        }
    }

    /**
     * Drains and stops in a thread of its own; {@link #await} returns when that is done. It takes as long as Spark's {@code
     * gracefulStopTimeout} and more: who called ends the process when that is too long.
     */
    public void stop() {
        if (!stopped.getAndSet(true)) {
            daemon("stop", () -> context.stop(true, hasBegun()));
        }
    }

    /** Whether batches happen: a new state waits for its first one, perhaps for minutes, and has nothing to drain. */
    private boolean hasBegun() {
        Time zero = context.ssc().graph().zeroTime();
        return zero != null && System.currentTimeMillis() >= zero.milliseconds();
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
