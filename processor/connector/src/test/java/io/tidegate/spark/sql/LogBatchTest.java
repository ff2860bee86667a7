package io.tidegate.spark.sql;

import static io.tidegate.spark.sql.Session.batch;
import static io.tidegate.spark.sql.Session.feed;
import static io.tidegate.spark.sql.Session.request;
import static io.tidegate.spark.sql.Session.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.spark.FakeGateway;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
        assertThat(texts(readings.where("seq = 14")))
                .singleElement()
                .asString()
                .startsWith(
                        "[d0,temperature,7.0,null,null,2023-11-14 22:13:20.014,device,2023-11-14 22:13:20.014,14,fake,");
        assertThat(readings.select("key_group", "offset").distinct().count()).isEqualTo(3_000);
        assertThat(texts(batch(gateway.address(), "REQUESTS").load().select("client", "path", "status")))
                .containsExactly("[c1,/a,200]");
    }
}
