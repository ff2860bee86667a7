package io.tidegate.spark.source;

import static io.tidegate.spark.source.SparkSessions.batch;
import static io.tidegate.spark.source.SparkSessions.feed;
import static io.tidegate.spark.source.SparkSessions.request;
import static io.tidegate.spark.source.SparkSessions.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.spark.client.internal.FakeGateway;
import io.tidegate.spark.client.internal.OffsetRange;
import io.tidegate.spark.event.EventTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code spark.read()} over the retained log. */
class LogBatchTest {

    private FakeGateway gateway;

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
    void every_event_of_the_table_is_a_row_with_its_place() {
        feed(gateway, 0, 3_000);
        gateway.append("c1", request("c1", "/a", 1_700_000_000_000L));

        Dataset<Row> readings = batch(gateway.address(), "readings").load();

        assertThat(readings.count()).isEqualTo(3_000);
        List<Long> expected = new ArrayList<>();
        for (long i = 0; i < 3_000; i++) {
            expected.add(i);
        }
        assertThat(readings.select("seq").collectAsList())
                .extracting(row -> row.getLong(0))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(texts(readings.where("seq = 20")))
                .singleElement()
                .asString()
                .startsWith(
                        "[d0,temperature,10.0,null,null,2023-11-14 22:13:20.02,device,2023-11-14 22:13:20.02,20,fake,");
        assertThat(readings.select("key_group", "offset").distinct().count()).isEqualTo(3_000);
        assertThat(texts(batch(gateway.address(), "REQUESTS").load().select("client", "path", "status")))
                .containsExactly("[c1,/a,200]");
    }

    @Test
    void what_came_in_between_two_times_is_what_was_received_then() {
        feed(gateway, 0, 2_000);
        Dataset<Row> some = batch(gateway.address(), "readings")
                .option("startingTime", "2023-11-14T22:13:20.500Z")
                .option("endingTime", "2023-11-14T22:13:21.250")
                .load();

        assertThat(some.selectExpr("min(seq)", "max(seq)", "count(*)").collectAsList())
                .extracting(Row::toString)
                .containsExactly("[500,1249,750]");
    }

    @Test
    void offsets_bound_a_read_too() {
        feed(gateway, 0, 700);
        Dataset<Row> some = batch(gateway.address(), "readings")
                .option("startingOffsets", "{\"gateways\":{\"fake\":[0,1,2,3]}}")
                .option("endingOffsets", "{\"gateways\":{\"fake\":[0,1,5,3]}}")
                .load();

        assertThat(texts(some.select("key_group", "offset"))).containsExactly("[2,2]", "[2,3]", "[2,4]");
    }

    @Test
    void several_gateways_are_one_table_and_a_task_is_never_larger_than_its_share() throws Exception {
        try (FakeGateway other = new FakeGateway("other", 2, 2)) {
            feed(gateway, 0, 1_000);
            feed(other, 0, 500);
            Dataset<Row> both = batch(gateway.address() + "," + other.address(), "readings")
                    .option("eventsPerPartition", 100)
                    .load();

            assertThat(texts(both.groupBy("gateway").count().orderBy("gateway")))
                    .containsExactly("[fake,1000]", "[other,500]");
            assertThat(both.javaRDD().glom().map(List::size).collect())
                    .hasSizeGreaterThanOrEqualTo(15)
                    .allMatch(size -> size <= 100);
        }
    }

    @Test
    void a_trimmed_beginning_is_an_error_with_the_way_out_or_is_skipped() {
        feed(gateway, 0, 700);
        gateway.trim(2, 3);
        String all = "{\"gateways\":{\"fake\":[0,0,0,0]}}";

        assertThatThrownBy(() -> batch(gateway.address(), "readings")
                        .option("startingOffsets", all)
                        .load()
                        .count())
                .hasMessageContaining("3 events of gateway 'fake' are no longer in its log: key group 2 from 0 until 3")
                .hasMessageContaining("failOnDataLoss=false");
        assertThat(batch(gateway.address(), "readings")
                        .option("startingOffsets", all)
                        .option("failOnDataLoss", false)
                        .load()
                        .count())
                .isEqualTo(697);
        assertThat(batch(gateway.address(), "readings").load().count()).isEqualTo(697);
    }

    @Test
    void what_is_trimmed_while_it_is_read_is_an_error_or_skipped_by_the_task() {
        feed(gateway, 0, 700);
        LogPartition whole = new LogPartition(
                "fake",
                gateway.address(),
                List.of(new OffsetRange(2, 0, gateway.end(2)), new OffsetRange(3, 0, gateway.end(3))));
        gateway.trim(2, 3);

        assertThatThrownBy(() -> rows(whole, true)).isInstanceOf(DataLossException.class);
        assertThat(rows(whole, false)).isEqualTo(gateway.end(2) - 3 + gateway.end(3));
        gateway.trim(2, gateway.end(2));
        assertThat(rows(whole, false)).isEqualTo(gateway.end(3));
    }

    private static long rows(LogPartition partition, boolean failOnDataLoss) {
        EventReader reader = new EventReader(
                partition,
                new EventReaderFactory(EventTable.READINGS, List.of("seq"), failOnDataLoss, Duration.ofSeconds(60)));
        long rows = 0;
        while (reader.next()) {
            rows++;
        }
        long skipped = reader.currentMetricsValues()[0].value();
        assertThat(rows + skipped)
                .isEqualTo(partition.ranges().stream()
                        .mapToLong(OffsetRange::count)
                        .sum());
        return rows;
    }

    @Test
    void a_gateway_that_is_not_there_is_named_when_patience_ends() {
        gateway.stop();

        assertThatThrownBy(() -> batch(gateway.address(), "readings")
                        .option("gatewayTimeout", "300ms")
                        .load()
                        .count())
                .hasMessageContaining("at gateway " + gateway.address() + ": no answer for");
    }

    @Test
    void a_wrong_option_is_an_error_of_load() {
        assertThatThrownBy(() -> batch("localhost:1", "metrics").load())
                .hasMessageContaining("option from: metrics (expected: readings or requests)");
        assertThatThrownBy(() -> SparkSessions.spark()
                        .read()
                        .format("tidegate")
                        .option("from", "readings")
                        .load())
                .hasMessageContaining("option gateway: not given");
    }

    @Test
    void a_view_of_sql_reads_the_log() {
        feed(gateway, 0, 200);
        SparkSessions.spark()
                .sql("CREATE OR REPLACE TEMPORARY VIEW readings USING tidegate OPTIONS (gateway '" + gateway.address()
                        + "', from 'readings')");

        assertThat(texts(SparkSessions.spark()
                        .sql("SELECT device, count(*) FROM readings GROUP BY device ORDER BY device LIMIT 2")))
                .containsExactly("[d0,10]", "[d1,10]");
    }
}
