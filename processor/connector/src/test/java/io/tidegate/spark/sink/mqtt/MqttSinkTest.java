package io.tidegate.spark.sink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.FreePort;
import io.tidegate.harness.Mosquitto;
import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.harness.ScriptedBroker;
import io.tidegate.spark.sink.internal.Streams;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Structured streams to a real broker, where there is one. */
class MqttSinkTest {

    @TempDir
    Path folder;

    private Streams streams;
    private Program broker;
    private ResultRecorder results;
    private int port;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Mosquitto.installed().isPresent(), "mosquitto is not here");
        port = FreePort.next();
        broker = Mosquitto.start(folder, "broker", port);
        results = ResultRecorder.subscribe(port);
        streams = new Streams(folder);
    }

    @AfterEach
    void stop() {
        MqttResults.closeAll();
        if (broker != null) {
            results.close();
            broker.close();
        }
    }

    @AfterAll
    static void stopSpark() {
        Streams.stopSpark();
    }

    @Test
    void a_row_is_a_message_on_the_topic_that_its_columns_make() throws Exception {
        streams.add("""
                {"device":"a/b","at":"2026-11-22T10:00:00.5Z","n":3,"tags":["x","y"]}""", "{\"n\":4}");

        streams.run(
                to("tidegate/sql/q/{device}", streams.of("device STRING, at TIMESTAMP, n BIGINT, tags ARRAY<STRING>")));

        await().until(() -> results.received() == 2);
        JsonNode first = last("tidegate/sql/q/a%2Fb");
        assertThat(first.fieldNames())
                .toIterable()
                .containsExactly("query", "id", "rev", "batch", "device", "at", "n", "tags");
        assertThat(first.get("query").textValue()).isEqualTo("q");
        assertThat(first.get("batch").longValue()).isZero();
        assertThat(first.get("at").textValue()).isEqualTo("2026-11-22T10:00:00.500Z");
        assertThat(first.get("tags")).hasSize(2);
        JsonNode second = last("tidegate/sql/q/%~");
        assertThat(second.get("device").isNull()).isTrue();
        assertThat(second.get("n").longValue()).isEqualTo(4);
    }

    @Test
    void a_batch_that_runs_again_says_the_same_under_the_same_ids() throws Exception {
        streams.add("{\"word\":\"a\"}", "{\"word\":\"a\"}", "{\"word\":\"b\"}");
        Dataset<Row> words = streams.of("word STRING");
        streams.run(to("tidegate/sql/q", words));
        await().until(() -> results.received() == 3);
        List<String> ids = ids();

        streams.forgetCommit();
        streams.run(to("tidegate/sql/q", words));

        await().until(() -> results.received() == 6);
        assertThat(ids()).isEqualTo(ids).hasSize(3).doesNotHaveDuplicates();
        assertThat(results.contradictions()).isEmpty();
    }

    @Test
    void a_key_names_the_rows_of_a_batch() throws Exception {
        streams.add("{\"word\":\"a\"}", "{\"word\":\"b\"}").add("{\"word\":\"b\"}");
        Dataset<Row> counts = streams.of("word STRING").groupBy("word").count();

        streams.run(to("tidegate/sql/q/{word}", counts).outputMode("update").option("key", "word"));

        await().until(() -> results.received() == 3);
        assertThat(ids()).containsExactly("q/a/0", "q/b/0", "q/b/1");
        assertThat(results.newest("q/b/1").get("count").longValue()).isEqualTo(2);
    }

    @Test
    void a_retained_row_is_there_for_whoever_comes_later() throws Exception {
        streams.add("{\"word\":\"a\"}");
        streams.run(to("tidegate/sql/q/{word}", streams.of("word STRING")).option("retained", "true"));

        try (ResultRecorder later = ResultRecorder.subscribe(port)) {
            await().until(() -> later.last("tidegate/sql/q/a") != null);
        }
    }

    @Test
    void complete_mode_tells_everything_again() throws Exception {
        streams.add("{\"word\":\"a\"}").add("{\"word\":\"b\"}");
        Dataset<Row> counts = streams.of("word STRING").groupBy("word").count();

        streams.run(to("tidegate/sql/q/{word}", counts).outputMode("complete").option("key", "word"));

        await().until(() -> results.received() == 3);
        assertThat(ids()).containsExactly("q/a/0", "q/a/1", "q/b/1");
    }

    @Test
    void a_batch_fails_when_the_broker_does_not_acknowledge_in_time_and_runs_again_at_the_next_start()
            throws Exception {
        streams.add("{\"word\":\"a\"}");
        Dataset<Row> words = streams.of("word STRING");

        try (ScriptedBroker mute = ScriptedBroker.start()) {
            mute.withholdPubacks(true);
            DataStreamWriter<Row> writer = to("tidegate/sql/q", words)
                    .option("broker", "tcp://127.0.0.1:" + mute.port())
                    .option("timeout", "1");

            assertThatThrownBy(() -> streams.run(writer))
                    .hasStackTraceContaining("no acknowledgement within 1 s (expected: a broker that answers");
            assertThat(mute.published()).as("it was sent").isNotEmpty();
        }
        streams.run(to("tidegate/sql/q", words));

        await().until(() -> results.received() == 1);
        assertThat(last("tidegate/sql/q").get("word").textValue()).isEqualTo("a");
    }

    @Test
    void what_cannot_be_is_refused_with_what_is_expected() throws Exception {
        Dataset<Row> words = streams.of("word STRING");
        streams.add("{\"word\":\"a\"}");

        assertRefused(to("q", words.withColumn("query", words.col("word"))), "column query (expected: another name");
        assertRefused(to("q/{wort}", words), "column wort (expected: one of word)");
        assertRefused(to("q/#", words), "topic q/# (expected: a topic without + # and $");
        assertRefused(
                to("q", words).option("qos", "0"), "option qos: 0 (expected: 1, which every result needs to arrive)");
        assertRefused(
                to("q", words).option("retain", "true"),
                "tidegate-mqtt, option retain: unknown (expected: any of retained, ");
        assertRefused(
                to("q", words).option("broker", "localhost"), "option broker: localhost (expected: tcp://host:port");
    }

    private void assertRefused(DataStreamWriter<Row> writer, String message) {
        assertThatThrownBy(() -> streams.run(writer)).hasStackTraceContaining(message);
    }

    private DataStreamWriter<Row> to(String topic, Dataset<Row> rows) {
        return rows.writeStream()
                .format("tidegate-mqtt")
                .option("broker", "tcp://127.0.0.1:" + port)
                .option("query", "q")
                .option("topic", topic);
    }

    private JsonNode last(String topic) {
        return Objects.requireNonNull(results.last(topic), topic);
    }

    private List<String> ids() {
        return results.revisionsOf("q")
                .map(message -> message.get("id").textValue())
                .sorted()
                .toList();
    }
}
