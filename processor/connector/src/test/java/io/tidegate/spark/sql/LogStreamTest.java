package io.tidegate.spark.sql;

import static io.tidegate.spark.sql.Session.availableNow;
import static io.tidegate.spark.sql.Session.feed;
import static io.tidegate.spark.sql.Session.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.spark.FakeGateway;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code spark.readStream()} over a log that grows. */
class LogStreamTest {

    private FakeGateway gateway;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws Exception {
        gateway = new FakeGateway(4, 1);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void everything_that_is_there_comes_once_in_batches_of_the_limit_and_a_restart_goes_on() throws Exception {
        Batches batches = new Batches();
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
        Batches batches = new Batches();
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
}
