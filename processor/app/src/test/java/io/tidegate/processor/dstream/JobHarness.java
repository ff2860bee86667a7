package io.tidegate.processor.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.checkpoint.InProcessFileSystem;
import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.sink.Sinks;
import io.tidegate.processor.sink.TableSink;
import io.tidegate.spark.sink.mqtt.MqttTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.api.java.JavaDStream;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import org.apache.spark.util.ManualClock;
import scala.reflect.ClassTag$;

/** Real Spark, a scripted door and a clock that stands still until a test advances it. The first batch has time 1 s. */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
final class JobHarness implements AutoCloseable {

    static final long BATCH_MS = 1000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JavaStreamingContext context;
    private final RunContext run;
    private final List<Published> published = new CopyOnWriteArrayList<>();

    /** A message that the output operation let out. */
    record Published(String topic, JsonNode json) {
        long batch() {
            return json.get("batch").asLong();
        }

        String id() {
            return json.get("id").asText();
        }
    }

    private JobHarness(JavaStreamingContext context, JobPlan plan, Map<String, TableSink> tables, Path files) {
        this.context = context;
        run = new RunContext(
                        plan,
                        new Sinks(MqttTarget.of(URI.create("tcp://localhost:1"), "nobody"), tables, files),
                        ScriptedGateway::pulled,
                        (query, count) -> {},
                        this::print)
                .begin();
        context.start();
    }

    /** Begins, or continues when there is a checkpoint; {@code setting} is one that must be this start's. */
    static JobHarness start(JobPlan plan, Path checkpoint, String setting) {
        return startAfter(0, plan, checkpoint, setting);
    }

    /** Begins, or continues, with tables and files of this start. */
    static JobHarness start(JobPlan plan, Path checkpoint, Map<String, TableSink> tables, Path files) {
        return new JobHarness(context(0, plan, checkpoint, ""), plan, tables, files);
    }

    /** Continues, so long after the last checkpoint. */
    static JobHarness startAfter(long downMs, JobPlan plan, Path checkpoint, String setting) {
        return new JobHarness(
                context(downMs, plan, checkpoint, setting), plan, Map.of(), checkpoint.resolveSibling("no-files"));
    }

    private static JavaStreamingContext context(long downMs, JobPlan plan, Path checkpoint, String setting) {
        SparkConf conf = new SparkConf()
                .setMaster("local[2]")
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.streaming.clock", ManualClock.class.getName())
                .set("spark.streaming.manualClock.jump", String.valueOf(downMs))
                .set("spark.tidegate.gateway", setting);
        InProcessFileSystem.configure(conf);
        JavaSparkContext spark = StreamingJob.sparkContext(conf);
        spark.setLogLevel("WARN");
        return JavaStreamingContext.getOrCreate(checkpoint.toUri().toString(), () -> {
            JavaStreamingContext made = new JavaStreamingContext(spark, Durations.milliseconds(BATCH_MS));
            made.checkpoint(checkpoint.toUri().toString());
            StreamGraph.build(
                    plan,
                    new JavaDStream<>(
                            new ScriptedGateway(made.ssc()),
                            ClassTag$.MODULE$.apply(io.tidegate.spark.event.StreamElement.class)));
            return made;
        });
    }

    private void print(String line) {
        int space = line.indexOf(' ');
        try {
            published.add(new Published(line.substring(0, space), JSON.readTree(line.substring(space))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets batches happen up to a time, one by one. */
    JobHarness runThrough(long batchMs) {
        return runThrough(batchMs, 1);
    }

    /** Lets batches happen up to a time, so many due at once. */
    JobHarness runThrough(long batchMs, int atOnce) {
        ManualClock clock = (ManualClock) context.ssc().scheduler().clock();
        while (clock.getTimeMillis() < batchMs) {
            clock.advance(atOnce * BATCH_MS);
            long now = clock.getTimeMillis();
            await("batch " + now)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> run.ledger().batch() >= now || run.failure() != null);
            assertThat(run.failure()).isNull();
        }
        return this;
    }

    List<Published> published() {
        return published;
    }

    /** What a kind and query published in a batch. */
    List<Published> of(String prefix, long batchMs) {
        return published.stream()
                .filter(p -> p.topic().startsWith(prefix) && p.batch() == batchMs)
                .toList();
    }

    Ledger ledger() {
        return run.ledger();
    }

    RunContext run() {
        return run;
    }

    /** How much the state of a query holds. */
    StateSize stateSize(String query) {
        return Objects.requireNonNull(run.stateSizes().get(query), query);
    }

    String setting() {
        return context.ssc().conf().get("spark.tidegate.gateway");
    }

    JavaStreamingContext context() {
        return context;
    }

    /** As abrupt as it gets within a JVM. */
    @Override
    public void close() {
        context.stop(true, false);
    }
}
