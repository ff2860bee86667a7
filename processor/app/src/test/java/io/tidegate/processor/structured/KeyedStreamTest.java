package io.tidegate.processor.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.junit.SlowTest;
import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.Target;
import io.tidegate.processor.sink.Sinks;
import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.sink.mqtt.MqttTarget;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Queries that keep a state for each key, over files that stand for the log. */
class KeyedStreamTest {

    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final int GAP_S = 10;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static SparkSession spark;

    @TempDir
    Path folder;

    private int files;
    private StructuredProgress progress = new StructuredProgress();

    @BeforeAll
    static void startSpark() {
        spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "1")
                .config("spark.sql.codegen.wholeStage", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .config(
                        "spark.sql.streaming.stateStore.providerClass",
                        "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider")
                .getOrCreate();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @AfterEach
    void stopListening() {
        spark.streams().removeListener(progress);
    }

    @SlowTest(seconds = 40)
    void a_key_is_one_row_and_is_forgotten_early_only_while_there_are_more_than_the_configuration_allows()
            throws Exception {
        try (Running all = run(sessions(3))) {
            log(0, "a", "b", "c", "d", "e");
            all.until(() -> progress.stateSize().keys() == 5);

            log(60);
            all.until(() -> progress.stateSize().keys() == 0);
            assertThat(progress.stateSize().dropped()).isEqualTo(5);
            assertThat(progress.stateSize().droppedMs()).isPositive();
        }
        try (Running all = run(sessions(5))) {
            log(100, "a", "b", "c", "d", "e");
            all.until(() -> progress.stateSize().keys() == 5);

            log(200, "f");
            all.until(() -> progress.stateSize().keys() == 6);
            assertThat(progress.stateSize().dropped()).isZero();
        }
    }

    @SlowTest(seconds = 40)
    void an_anomaly_begins_in_one_run_and_ends_in_the_next() throws Exception {
        QueryKind kind =
                new QueryKind.Anomaly(60_000, 10_000, 4, 0, new QueryKind.Anomaly.Thresholds(6, 3, 1, 2), 1_000);
        try (Running all = run(kind)) {
            values(0, 10, 12, 11, 13); // a median of 11.5 and a deviation of 1.4826
            values(10, 500);
            all.until(() -> results().size() == 3);
        }
        try (Running all = run(kind)) {
            values(11, 12, 11);
            all.until(() -> results().size() == 4);
        }

        assertThat(results())
                .extracting(result -> result.path("state").asText() + " " + result.path("rev") + " "
                        + result.path("id").asText())
                .containsExactly(
                        "learning 1 visits/a/" + START.toEpochMilli(),
                        "normal 2 visits/a/" + START.toEpochMilli(),
                        "anomalous 1 visits/a/" + START.plusSeconds(10).toEpochMilli(),
                        "recovered 2 visits/a/" + START.plusSeconds(10).toEpochMilli());
        assertThat(results().get(2).path("score").asDouble()).isCloseTo(488.5 / 1.4826, within(1e-9));
    }

    /** What is in the files of results, in the order of the batches. */
    private List<JsonNode> results() throws IOException {
        List<JsonNode> results = new ArrayList<>();
        Path folders = folder.resolve("visits");
        if (Files.isDirectory(folders)) {
            try (Stream<Path> files = Files.walk(folders)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    for (String line : Files.readAllLines(file)) {
                        results.add(new ObjectMapper().readTree(line));
                    }
                }
            }
        }
        return results;
    }

    /** A query that runs until it is closed. */
    private record Running(StreamingQuery query) implements AutoCloseable {
        void until(Callable<Boolean> reached) {
            await().until(() -> query.exception().isDefined() || reached.call());
            assertThat(query.exception().isDefined()).isFalse();
        }

        @Override
        public void close() throws TimeoutException {
            query.stop();
        }
    }

    private static QueryKind sessions(long maxKeys) {
        return new QueryKind.Sessions(GAP_S * 1_000L, 0, 0, maxKeys);
    }

    private Running run(QueryKind kind) throws IOException, TimeoutException {
        Query query = new Query(
                "visits",
                new RowExpressions(EventTable.READINGS, "", List.of(new ByColumn("device", "device")), "value"),
                kind,
                List.of(Target.FILES));
        Sinks sinks = new Sinks(MqttTarget.of(URI.create("tcp://localhost:1"), "nobody"), Map.of(), folder);
        spark.streams().removeListener(progress);
        progress = new StructuredProgress();
        spark.streams().addListener(progress);
        KeyedQuery keyed = new KeyedQuery(query, new StructuredQuery.Pace(Duration.ofMillis(100), Integer.MAX_VALUE));
        return new Running(new KeyedStream(keyed, sinks, (name, count) -> {}, progress)
                .writer(spark.readStream()
                        .schema(EventTable.READINGS.schema())
                        .option("maxFilesPerTrigger", 1)
                        .json(Files.createDirectories(folder.resolve("log")).toString()))
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .trigger(Trigger.ProcessingTime(100))
                .start());
    }

    /** Readings of devices, so many seconds after the start, and what the gateway has seen through by then. */
    private void log(int second, String... devices) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String device : devices) {
            lines.append(reading(device, second, 1));
        }
        write(lines, second);
    }

    /** Readings of one device, a second apart. */
    private void values(int second, double... values) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            lines.append(reading("a", second + i, values[i]));
        }
        write(lines, second + values.length);
    }

    private static String reading(String device, int second, double value) {
        String time = START.plusSeconds(second).toString();
        return "{\"device\":\"" + device + "\",\"metric\":\"m\",\"value\":" + value + ",\"time\":\"" + time
                + "\",\"received\":\"" + time + "\",\"key_group\":0,\"offset\":1}\n";
    }

    private void write(StringBuilder lines, int second) throws IOException {
        lines.append("{\"received\":\"").append(START.plusSeconds(second)).append("\"}\n");
        Path unfinished = folder.resolve("unfinished");
        Files.writeString(unfinished, lines);
        Files.move(unfinished, folder.resolve("log").resolve(files++ + ".json"));
    }
}
