package io.tidegate.processor;

import io.tidegate.processor.job.Ledger;
import io.tidegate.processor.job.Plan;
import io.tidegate.processor.job.Replay;
import io.tidegate.processor.query.Spans;
import io.tidegate.processor.sink.Apart;
import io.tidegate.processor.sql.SqlProgress;
import io.tidegate.processor.sql.SqlQueries;
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
final class ReplayRun {

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
    ReplayRun(ProcessorSettings live, Instant from, PrintStream out) {
        this.settings = live.apart();
        this.from = from;
        this.out = out;
    }

    /**
     * Why it can't run, if that is so.
     *
     * @throws IllegalStateException when a database stays away
     */
    Optional<String> refusal() throws InterruptedException, IOException {
        List<String> earlier = EarlierResults.find(settings);
        return earlier.isEmpty()
                ? Optional.empty()
                : Optional.of("replay.name: " + settings.replay().name() + " (expected: another name, like"
                        + " -Dtidegate.processor.replay.name=second, as an earlier replay has left results under this"
                        + " one: " + String.join(", ", earlier) + "; or remove them)");
    }

    /** Runs to the end. */
    void run(SparkConf given) throws Exception { // Scala throws checked ones, unannounced
        long beganNanos = System.nanoTime();
        LogRange past = LogRange.look(settings.gateway(), from, FIRST_CONTACT);
        tellBegin(past);
        if (past.events() == 0) {
            out.println("nothing to replay: no events were received since then");
            return;
        }
        Path folder = Files.createTempDirectory("tidegate-replay-");
        ShutdownHookManager.registerShutdownDeleteDir(folder.toFile());
        try {
            run(given, past, folder);
        } finally {
            MqttResults.closeAll();
            JdbcResults.closeAll();
            delete(folder.toFile());
        }
        Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
        long original = past.throughMs() - past.firstMs().orElseThrow();
        out.printf(
                "replayed %,d events of %s in %s, %.1f times as fast as they came%n",
                past.events(),
                Spans.text(original / 1000 * 1000),
                Spans.text(took.toSeconds() * 1000),
                original / (double) took.toMillis());
    }

    private void run(SparkConf given, LogRange past, Path folder) throws Exception {
        Plan plan = Plan.of(settings.queries(), past.keyGroups(), settings.partitions(), past.gateway());
        Replay replay = new Replay(plan, past, settings.jobSettings(), from);
        SparkConf conf = SparkSettings.complete(given, settings, settings.batchInterval());
        try (JavaSparkContext spark = new JavaSparkContext(replay.configured(conf))) {
            spark.setLogLevel("WARN");
            if (!settings.queries().isEmpty()) {
                out.printf(
                        "%,d batches of %s, %s to %s%n",
                        replay.batches(),
                        Spans.text(settings.batchInterval()),
                        local(replay.begin()),
                        local(replay.end()));
                Map<String, Long> published = new TreeMap<>();
                Ledger ledger = replay.run(
                        spark, folder.resolve("spark"), (query, count) -> published.merge(query, count, Long::sum));
                tell(ledger, published);
            }
            if (!settings.structured().isEmpty()) {
                SqlQueries.Place place = new SqlQueries.Place(
                        settings.gateway(),
                        settings.group(),
                        folder.resolve("sql"),
                        settings.sinks(),
                        (query, count) -> {},
                        Optional.of(from));
                SqlQueries.replay(spark.getConf(), settings.structured(), place).forEach(this::tell);
            }
        }
    }

    private void tellBegin(LogRange past) {
        Apart apart = settings.replay();
        out.printf("replay of gateway %s from %s%n", past.gateway(), local(from));
        if (past.trimmed()) {
            out.printf(
                    "WARNING: the gateway has trimmed events of that time, at least in one key group; the oldest that it"
                            + " has was received at %s%n",
                    past.firstMs().isPresent()
                            ? local(Instant.ofEpochMilli(past.firstMs().getAsLong()))
                            : "no time");
        }
        Map<String, String> places = new LinkedHashMap<>();
        places.put("topics", apart.topics() + "/");
        places.put("tables", apart.tables());
        places.put("files", settings.sinks().files() + File.separator);
        places.forEach((what, where) -> out.printf("results: %s %s...%n", what, where));
    }

    private void tell(Ledger ledger, Map<String, Long> published) {
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

    private void tell(String query, SqlProgress progress) {
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
