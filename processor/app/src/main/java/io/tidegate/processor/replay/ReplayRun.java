package io.tidegate.processor.replay;

import io.tidegate.processor.dstream.JobPlan;
import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.query.Durations;
import io.tidegate.processor.settings.ProcessorSettings;
import io.tidegate.processor.settings.SparkSettings;
import io.tidegate.processor.sink.ReplayNamespace;
import io.tidegate.processor.structured.StructuredProgress;
import io.tidegate.processor.structured.StructuredQueries;
import io.tidegate.spark.dstream.LogRange;
import io.tidegate.spark.sink.jdbc.JdbcResults;
import io.tidegate.spark.sink.mqtt.MqttResults;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.ShutdownHookManager;

/**
 * Queries over what the gateway retains, from a time of receipt to the end that the log has now. Nothing of the live
 * processor is touched: no consumer group, no checkpoint, no topic, table or file of results, no port.
 */
public final class ReplayRun {

    private static final Duration FIRST_CONTACT = Duration.ofSeconds(30);

    private final ProcessorSettings settings;
    private final Instant from;
    private final PrintStream out;

    /**
     * Prepares it.
     *
     * @param live the settings of the live processor, with the queries that are to run
     * @param out for people
     * @throws IllegalArgumentException when the name of the replay makes a table's name too long
     */
    public ReplayRun(ProcessorSettings live, Instant from, PrintStream out) {
        this.settings = live.forReplay();
        this.from = from;
        this.out = out;
    }

    /**
     * Why it can't run, if that is so.
     *
     * @throws IllegalStateException when a database stays away
     */
    public Optional<String> refusal() throws InterruptedException, IOException {
        List<String> earlier = EarlierResults.find(settings);
        return earlier.isEmpty()
                ? Optional.empty()
                : Optional.of("replay.name: " + settings.replay().name() + " (expected: another name, like"
                        + " -Dtidegate.processor.replay.name=second, as an earlier replay has left results under this"
                        + " one: " + String.join(", ", earlier) + "; or remove them)");
    }

    /** Runs to the end. */
    public void run(SparkConf given) throws Exception { // Scala throws checked ones, unannounced
        long beganNanos = System.nanoTime();
        LogRange log = LogRange.look(settings.gateway(), from, FIRST_CONTACT);
        printBegin(log);
        if (log.events() == 0) {
            out.println("nothing to replay: no events were received since then");
            return;
        }
        Path folder = Files.createTempDirectory("tidegate-replay-");
        ShutdownHookManager.registerShutdownDeleteDir(folder.toFile());
        try {
            run(given, log, folder);
        } finally {
            MqttResults.closeAll();
            JdbcResults.closeAll();
            delete(folder.toFile());
        }
        Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
        long original = log.throughMs() - log.firstMs().orElseThrow();
        out.printf(
                "replayed %,d events of %s in %s, %.1f times as fast as they came%n",
                log.events(),
                Durations.text(original / 1000 * 1000),
                Durations.text(took.toSeconds() * 1000),
                original / (double) took.toMillis());
    }

    private void run(SparkConf given, LogRange log, Path folder) throws Exception {
        JobPlan plan = JobPlan.of(settings.queries(), log.keyGroups(), settings.partitions(), log.gateway());
        ReplayJob replay = new ReplayJob(plan, log, settings.jobSettings(), from);
        SparkConf conf = SparkSettings.complete(given, settings, settings.batchInterval());
        try (JavaSparkContext spark = new JavaSparkContext(replay.configured(conf))) {
            spark.setLogLevel("WARN");
            if (!settings.queries().isEmpty()) {
                out.printf(
                        "%,d batches of %s, %s to %s%n",
                        replay.batches(),
                        Durations.text(settings.batchInterval()),
                        local(replay.begin()),
                        local(replay.end()));
                Map<String, Long> published = new TreeMap<>();
                Ledger ledger = replay.run(
                        spark, folder.resolve("spark"), (query, count) -> published.merge(query, count, Long::sum));
                print(ledger, published);
            }
            if (!settings.structured().isEmpty()) {
                StructuredQueries.Environment place = new StructuredQueries.Environment(
                        settings.gateway(),
                        settings.group(),
                        folder.resolve("sql"),
                        settings.sinks(),
                        (query, count) -> {},
                        Optional.of(from));
                StructuredQueries.replay(spark.getConf(), settings.structured(), place)
                        .forEach(this::print);
            }
        }
    }

    private void printBegin(LogRange log) {
        ReplayNamespace forReplay = settings.replay();
        out.printf("replay of gateway %s from %s%n", log.gateway(), local(from));
        if (log.trimmed()) {
            out.printf(
                    "WARNING: the gateway has trimmed events of that time, at least in one key group; the oldest that it"
                            + " has was received at %s%n",
                    log.firstMs().isPresent()
                            ? local(Instant.ofEpochMilli(log.firstMs().getAsLong()))
                            : "no time");
        }
        Map<String, String> places = new LinkedHashMap<>();
        places.put("topics", forReplay.topics() + "/");
        places.put("tables", forReplay.tables());
        places.put("files", settings.sinks().files() + File.separator);
        places.forEach((what, where) -> out.printf("results: %s %s...%n", what, where));
    }

    private void print(Ledger ledger, Map<String, Long> published) {
        for (Ledger.QueryAccount account : ledger.queries()) {
            out.printf(
                    "  %s: %,d results; pulled %,d = applied %,d + late %,d + filtered %,d, residual %d%n",
                    account.query(),
                    published.getOrDefault(account.query(), 0L),
                    account.pulled(),
                    account.applied(),
                    account.late(),
                    account.filtered(),
                    account.residual());
        }
    }

    private void print(String query, StructuredProgress progress) {
        out.printf(
                "  %s: %,d rows read in %,d micro-batches, %,d behind the watermark%n",
                query, progress.rows(), progress.batches(), progress.late());
    }

    /** As on this machine's clock on the wall. */
    private static OffsetDateTime local(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS)
                .atZone(ZoneId.systemDefault())
                .toOffsetDateTime();
    }

    private static void delete(File folder) throws IOException {
        org.apache.spark.util.Utils.deleteRecursively(folder);
        ShutdownHookManager.removeShutdownDeleteDir(folder);
    }
}
