package io.tidegate.processor.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** What structured sessions keep when there are more keys than they may, over files that stand for the log. */
class FullSessionsTest {

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
        try (Running all = run(3)) {
            log(0, "a", "b", "c", "d", "e");
            all.until(() -> progress.stateSize().keys() == 5);

            log(60);
            all.until(() -> progress.stateSize().keys() == 0);
            assertThat(progress.stateSize().dropped()).isEqualTo(5);
            assertThat(progress.stateSize().droppedMs()).isPositive();
        }
        try (Running all = run(5)) {
            log(100, "a", "b", "c", "d", "e");
            all.until(() -> progress.stateSize().keys() == 5);

            log(200, "f");
            all.until(() -> progress.stateSize().keys() == 6);
            assertThat(progress.stateSize().dropped()).isZero();
        }
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

    private Running run(long maxKeys) throws IOException, TimeoutException {
        Query query = new Query(
                "visits",
                new RowExpressions(EventTable.READINGS, "", List.of(new ByColumn("device", "device")), "value"),
                new QueryKind.Sessions(GAP_S * 1_000L, 0, 0, maxKeys),
                List.of(Target.CONSOLE));
        Sinks sinks = new Sinks(MqttTarget.of(URI.create("tcp://localhost:1"), "nobody"), Map.of(), folder);
        spark.streams().removeListener(progress);
        progress = new StructuredProgress();
        spark.streams().addListener(progress);
        SessionsQuery sessions =
                new SessionsQuery(query, new StructuredQuery.Pace(Duration.ofMillis(100), Integer.MAX_VALUE));
        return new Running(new SessionsStream(sessions, sinks, (name, count) -> {}, progress)
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
        String time = START.plusSeconds(second).toString();
        for (String device : devices) {
            lines.append("{\"device\":\"").append(device).append("\",\"metric\":\"m\",\"value\":1,\"time\":\"");
            lines.append(time).append("\",\"received\":\"").append(time).append("\",\"key_group\":0,\"offset\":1}\n");
        }
        lines.append("{\"received\":\"").append(time).append("\"}\n");
        Path unfinished = folder.resolve("unfinished");
        Files.writeString(unfinished, lines);
        Files.move(unfinished, folder.resolve("log").resolve(files++ + ".json"));
    }
}
