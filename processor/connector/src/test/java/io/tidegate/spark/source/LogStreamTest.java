package io.tidegate.spark.source;

import static io.tidegate.spark.source.SparkSessions.availableNow;
import static io.tidegate.spark.source.SparkSessions.feed;
import static io.tidegate.spark.source.SparkSessions.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidegate.protocol.KeyGroups;
import io.tidegate.spark.client.internal.FakeGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code spark.readStream()} over a log that grows. */
class LogStreamTest {

    private static final long BEGIN_MS = 1_699_999_200_000L;

    private FakeGateway gateway;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws Exception {
        gateway = new FakeGateway(4, 1);
    }

    @AfterAll
    static void end() {
        SparkSessions.end();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void everything_that_is_there_comes_once_in_batches_of_the_limit_and_a_restart_goes_on() throws Exception {
        ReadBatches batches = new ReadBatches();
        feed(gateway, 0, 1_000);
        availableNow(
                        stream(gateway.address(), "readings")
                                .option("maxEventsPerTrigger", 300)
                                .load(),
                        folder.toString(),
                        batches)
                .awaitTermination();

        assertThat(batches.sizes()).containsExactly(300, 300, 300, 100);
        feed(gateway, 1_000, 50);
        availableNow(stream(gateway.address(), "readings").load(), folder.toString(), batches)
                .awaitTermination();

        assertThat(batches.sizes()).containsExactly(300, 300, 300, 100, 50);
        assertThat(batches.rows()).hasSize(1_050).doesNotHaveDuplicates();
    }

    @Test
    void a_batch_that_failed_comes_again_with_the_same_rows_in_the_same_partitions() throws Exception {
        ReadBatches batches = new ReadBatches();
        feed(gateway, 0, 1_000);
        batches.failAt(0);
        assertThatThrownBy(() -> availableNow(
                                stream(gateway.address(), "readings")
                                        .option("eventsPerPartition", 200)
                                        .load(),
                                folder.toString(),
                                batches)
                        .awaitTermination())
                .hasMessageContaining("on purpose");
        feed(gateway, 1_000, 500);
        batches.failAt(-1);
        availableNow(
                        stream(gateway.address(), "readings")
                                .option("eventsPerPartition", 200)
                                .load(),
                        folder.toString(),
                        batches)
                .awaitTermination();

        assertThat(batches.all(0)).hasSize(2);
        assertThat(batches.all(0).get(1)).isEqualTo(batches.all(0).get(0)).hasSizeGreaterThan(4);
        assertThat(batches.sizes()).containsExactly(1_000, 500);
        assertThat(batches.rows()).hasSize(1_500).doesNotHaveDuplicates();
    }

    @Test
    void the_first_batch_comes_again_from_where_it_began_whatever_earliest_means_by_then() throws Exception {
        ReadBatches batches = new ReadBatches();
        feed(gateway, 0, 700);
        batches.failAt(0);
        assertThatThrownBy(() -> run(readings(), batches)).hasMessageContaining("on purpose");
        gateway.trim(2, 1);
        batches.failAt(-1);

        assertThatThrownBy(() -> run(readings(), batches))
                .hasMessageContaining("key group 2 from 0 until 1")
                .hasMessageContaining("batch = 0")
                .hasMessageContaining("until {\"gateways\":{\"fake\":[");
    }

    @Test
    void with_ticks_a_batch_that_has_everything_says_what_time_it_is_and_says_it_again_when_it_comes_again()
            throws Exception {
        ReadBatches batches = new ReadBatches();
        feed(gateway, 0, 500);
        gateway.seenThrough(1_700_000_010_000L);
        batches.failAt(1);
        assertThatThrownBy(() -> ticking(batches)).hasMessageContaining("on purpose");
        gateway.seenThrough(1_700_000_020_000L);
        batches.failAt(-1);
        ticking(batches);
        ticking(batches);

        assertThat(batches.sizes()).as("events, events and a tick, a tick").containsExactly(300, 201, 1);
        assertThat(batches.all(1)).hasSize(2);
        assertThat(batches.all(1).get(1)).isEqualTo(batches.all(1).get(0));
        assertThat(batches.rows().stream().filter(row -> row.startsWith("[null,")))
                .containsExactly("[null,1700000010000]", "[null,1700000020000]");
    }

    private void ticking(ReadBatches batches) throws Exception {
        Dataset<Row> rows = readings()
                .option("ticks", true)
                .option("maxEventsPerTrigger", 300)
                .load()
                .selectExpr("device", "unix_millis(received)");
        availableNow(rows, folder.toString(), batches).awaitTermination();
    }

    @Test
    void a_copied_checkpoint_goes_on_from_where_it_was_copied(@TempDir Path copies) throws Exception {
        ReadBatches before = new ReadBatches();
        feed(gateway, 0, 700);
        run(readings(), before);
        Path copy = copies.resolve("copy");
        copy(folder, copy);
        feed(gateway, 700, 300);
        ReadBatches original = new ReadBatches();
        ReadBatches ofCopy = new ReadBatches();
        run(readings(), original);
        availableNow(readings().load(), copy.toString(), ofCopy).awaitTermination();

        assertThat(original.rows()).hasSize(300);
        assertThat(ofCopy.rows()).isEqualTo(original.rows()).doesNotContainAnyElementsOf(before.rows());
    }

    @Test
    void a_trimmed_range_is_skipped_and_counted_when_that_is_wanted() throws Exception {
        ReadBatches batches = new ReadBatches();
        feed(gateway, 0, 70);
        run(readings(), batches);
        feed(gateway, 70, 700);
        long begin = gateway.end(2) - 100;
        gateway.trim(2, begin + 5);

        assertThatThrownBy(() -> run(readings(), batches)).hasMessageContaining("Way out: failOnDataLoss=false");
        StreamingQuery query = run(readings().option("failOnDataLoss", false), batches);

        long skipped = Long.parseLong(Arrays.stream(query.recentProgress())
                .map(progress -> progress.sources()[0].metrics().get("skippedEvents"))
                .reduce((first, last) -> last)
                .orElseThrow());
        assertThat(skipped).isPositive();
        assertThat(batches.rows()).hasSize(770 - (int) skipped).doesNotHaveDuplicates();
    }

    @Test
    void a_stream_goes_on_when_its_gateway_is_back() throws Exception {
        ReadBatches batches = new ReadBatches();
        feed(gateway, 0, 70);
        StreamingQuery query = readings()
                .load()
                .writeStream()
                .option("checkpointLocation", folder.toString())
                .foreachBatch(batches)
                .start();
        try {
            await().until(() -> batches.rows().size() == 70);
            gateway.stop();
            await().until(() -> !query.isActive() || query.status().message().contains("Waiting"));
            gateway.start();
            feed(gateway, 70, 30);

            await().until(() -> batches.rows().size() == 100);
            assertThat(query.exception().isEmpty()).isTrue();
        } finally {
            query.stop();
        }
    }

    @Test
    void a_gateway_that_stays_away_ends_the_query_with_a_word_about_the_way_out() throws Exception {
        ReadBatches batches = new ReadBatches();
        feed(gateway, 0, 70);
        StreamingQuery query = readings()
                .option("gatewayTimeout", "1s")
                .load()
                .writeStream()
                .queryName("hot")
                .option("checkpointLocation", folder.toString())
                .foreachBatch(batches)
                .start();
        await().until(() -> batches.rows().size() == 70);
        gateway.stop();

        assertThatThrownBy(query::awaitTermination)
                .hasMessageContaining("gateway at " + gateway.address() + ": away for more than 1 s")
                .hasMessageContaining("Query: hot")
                .hasMessageContaining("nothing is lost");
    }

    @Test
    void another_log_under_the_same_address_is_refused() throws Exception {
        ReadBatches batches = new ReadBatches();
        feed(gateway, 0, 70);
        run(readings(), batches);
        gateway.close();

        try (FakeGateway other = new FakeGateway("other", 4, 1, gateway.port())) {
            feed(other, 0, 100);
            assertThatThrownBy(() -> run(readings(), batches))
                    .hasMessageContaining("gateway 'fake' (expected: one of [other]");
        }
        try (FakeGateway empty = new FakeGateway("fake", 4, 1, gateway.port())) {
            feed(empty, 0, 7);
            assertThatThrownBy(() -> run(readings(), batches)).hasMessageContaining("the end of its log");
        }
        try (FakeGateway more = new FakeGateway("fake", 8, 1, gateway.port())) {
            feed(more, 0, 100);
            assertThatThrownBy(() -> run(readings(), batches)).hasMessageContaining("4 key groups (expected: 8");
        }
        assertThat(batches.rows()).hasSize(70);
    }

    @Test
    void what_is_committed_stays_two_batches_behind_what_is_finished() throws Exception {
        ReadBatches batches = new ReadBatches();
        feed(gateway, 0, 700);
        run(readings().option("maxEventsPerTrigger", 100), batches);

        // Of seven batches Spark commits six; two stay.
        assertThat(batches.sizes()).hasSize(7);
        assertThat(gateway.totalCommitted()).isEqualTo(400);
    }

    @Test
    void a_second_query_of_the_same_group_takes_over_and_the_first_says_so(@TempDir Path other) throws Exception {
        ReadBatches batches = new ReadBatches();
        feed(gateway, 0, 70);
        StreamingQuery first = readings()
                .option("group", "mine")
                .load()
                .writeStream()
                .option("checkpointLocation", folder.toString())
                .foreachBatch(batches)
                .start();
        await().until(() -> batches.rows().size() == 70);

        availableNow(readings().option("group", "mine").load(), other.toString(), new ReadBatches())
                .awaitTermination();

        assertThatThrownBy(first::awaitTermination)
                .hasMessageContaining("consumer group mine at gateway " + gateway.address() + ": a newer run");
    }

    @Test
    void without_a_group_nothing_is_begun_at_the_gateway() throws Exception {
        feed(gateway, 0, 70);
        run(readings().option("group", ""), new ReadBatches());

        assertThat(gateway.runs()).isEmpty();
    }

    @Test
    void progress_tells_what_waits() throws Exception {
        feed(gateway, 0, 1_000);
        StreamingQuery query = run(readings().option("maxEventsPerTrigger", 400), new ReadBatches());

        assertThat(Arrays.stream(query.recentProgress())
                        .filter(progress -> progress.numInputRows() > 0)
                        .map(progress -> progress.sources()[0].metrics().get("backlog")))
                .containsExactly("600", "200", "0");
    }

    @Test
    void a_gateway_that_joins_is_read_from_its_oldest_event() throws Exception {
        ReadBatches batches = new ReadBatches();
        feed(gateway, 0, 70);
        run(readings(), batches);
        try (FakeGateway other = new FakeGateway("other", 2, 1)) {
            feed(other, 0, 50);
            run(stream(gateway.address() + "," + other.address(), "readings"), batches);
        }

        assertThat(batches.rows()).hasSize(120).doesNotHaveDuplicates();
    }

    @Test
    void key_groups_that_are_very_differently_dense_come_by_time_so_that_nothing_is_late() throws Exception {
        List<String> devices = ofEachKeyGroup();
        Map<Long, Long> expected = new TreeMap<>();
        for (int second = 0; second < 1_200; second++) {
            steps(devices.get(0), second, second % 5 == 0 ? 1 : 0, expected); // all the time
            steps(devices.get(1), second, second >= 800 && second < 900 ? 20 : 0, expected); // a burst
            steps(devices.get(2), second, second < 200 ? 3 : 0, expected); // only at first
        }
        Map<Long, Long> counts = new ConcurrentHashMap<>();
        VoidFunction2<Dataset<Row>, Long> remember =
                (rows, batch) -> rows.collectAsList().forEach(row -> counts.put(row.getLong(0), row.getLong(1)));
        StreamingQuery query = readings()
                .option("maxEventsPerTrigger", 250)
                .load()
                .withWatermark("time", "1 minute")
                .groupBy(functions.window(functions.col("time"), "1 minute"))
                .count()
                .selectExpr("unix_millis(window.start) AS minute", "count")
                .writeStream()
                .outputMode("update")
                .option("checkpointLocation", folder.toString())
                .trigger(Trigger.AvailableNow())
                .foreachBatch(remember)
                .start();
        query.awaitTermination();

        long late = Arrays.stream(query.recentProgress())
                .mapToLong(progress -> progress.stateOperators()[0].numRowsDroppedByWatermark())
                .sum();
        assertThat(late).as("late").isZero();
        assertThat(counts).isEqualTo(expected);
        assertThat(query.recentProgress().length).as("micro-batches").isGreaterThan(10);
    }

    /** Readings of a device in a second of a time that is over. */
    private void steps(String device, int second, int count, Map<Long, Long> byMinute) {
        long timeMs = BEGIN_MS + second * 1_000L;
        for (int i = 0; i < count; i++) {
            gateway.append(device, SparkSessions.reading(device, i, timeMs + i));
            byMinute.merge(timeMs / 60_000 * 60_000, 1L, Long::sum);
        }
    }

    /** A device for each of the first three key groups; the fourth stays empty. */
    private List<String> ofEachKeyGroup() {
        return IntStream.range(0, 3)
                .mapToObj(keyGroup -> IntStream.iterate(0, i -> i + 1)
                        .mapToObj(i -> "d" + i)
                        .filter(device -> KeyGroups.of(device, 4) == keyGroup)
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    @Test
    void what_spark_hands_on_of_its_own_options_is_no_mistake_and_what_nobody_reads_is() throws Exception {
        feed(gateway, 0, 70);
        ReadBatches batches = new ReadBatches();
        readings()
                .load("a/path")
                .writeStream()
                .queryName("named")
                .option("checkpointLocation", folder.toString())
                .trigger(Trigger.AvailableNow())
                .foreachBatch(batches)
                .start()
                .awaitTermination();

        assertThat(batches.rows()).hasSize(70);
        assertThat(SparkSessions.batch(gateway.address(), "readings")
                        .load("a/path")
                        .count())
                .isEqualTo(70);
        assertThat(SparkSessions.batch(gateway.address(), "readings")
                        .load("a", "b")
                        .count())
                .isEqualTo(70);
        assertThatThrownBy(() -> readings().option("startingOffset", "latest").load())
                .hasStackTraceContaining(
                        "tidegate, option startingOffset: unknown (expected: any of startingOffsets, ");
    }

    @Test
    void a_new_checkpoint_begins_where_its_consumer_group_had_committed_when_it_says_so() throws Exception {
        gateway.keepCommitted();
        feed(gateway, 0, 1_000);
        run(ofGroup("committed").option("maxEventsPerTrigger", 100), folder.resolve("old"), new ReadBatches());
        long committed = gateway.totalCommitted();

        ReadBatches anew = new ReadBatches();
        run(ofGroup("committed"), folder.resolve("new"), anew);

        assertThat(committed).isPositive().isLessThan(1_000);
        assertThat(anew.rows()).hasSize((int) (1_000 - committed));
    }

    @Test
    void a_consumer_group_that_has_committed_nothing_begins_with_the_oldest_event() throws Exception {
        feed(gateway, 0, 100);
        ReadBatches batches = new ReadBatches();

        run(ofGroup("committed"), folder, batches);

        assertThat(batches.rows()).hasSize(100);
        assertThatThrownBy(() -> SparkSessions.batch(gateway.address(), "readings")
                        .option("startingOffsets", "committed")
                        .load()
                        .count())
                .hasStackTraceContaining("startingOffsets: committed");
    }

    private DataStreamReader ofGroup(String start) {
        return readings().option("group", "g").option("startingOffsets", start);
    }

    private static void run(DataStreamReader reader, Path checkpoint, ReadBatches sink) throws Exception {
        availableNow(reader.load(), checkpoint.toString(), sink).awaitTermination();
    }

    private DataStreamReader readings() {
        return stream(gateway.address(), "readings");
    }

    private StreamingQuery run(DataStreamReader reader, ReadBatches sink) throws Exception {
        StreamingQuery query = availableNow(reader.load(), folder.toString(), sink);
        query.awaitTermination();
        return query;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
