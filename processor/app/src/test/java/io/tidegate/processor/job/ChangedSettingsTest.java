package io.tidegate.processor.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.query.Kind;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.Target;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may change in the configuration between two starts, and the state goes on. */
class ChangedSettingsTest {

    @TempDir
    Path folder;

    @BeforeEach
    void empty() {
        ScriptedDoor.forget();
    }

    @Test
    void results_go_where_the_newest_start_says_and_the_queries_may_stand_in_another_order() {
        Query devices = GraphTest.query("devices", "", List.of("device"), new Kind.Totals(0));
        Query metrics = GraphTest.query("metrics", "", List.of("metric"), new Kind.Totals(0));
        write(1_000);
        write(2_000);

        try (JobHarness job =
                JobHarness.start(plan(to(Target.FILES, metrics), to(Target.FILES, devices)), folder, "")) {
            job.runThrough(1_000);
            assertThat(job.published()).isEmpty();
        }
        try (JobHarness job = JobHarness.start(plan(devices, metrics), folder, "")) {
            job.runThrough(2_000);

            assertThat(job.of("tidegate/totals/", 2_000))
                    .extracting(one -> one.topic() + " " + one.json().get("count"))
                    .containsExactlyInAnyOrder("tidegate/totals/devices/d 2", "tidegate/totals/metrics/m 2");
        }
    }

    private static Plan plan(Query... queries) {
        return Plan.of(List.of(queries), ScriptedDoor.KEY_GROUPS, 2, "gw");
    }

    private static Query to(Target target, Query query) {
        return new Query(query.name(), query.rows(), query.kind(), List.of(target));
    }

    private static void write(long batchMs) {
        ScriptedDoor.write(
                batchMs,
                0,
                Event.newBuilder()
                        .setTimeUs(1_700_000_000_000_000L)
                        .setReceivedMs(batchMs - 1)
                        .setReading(Reading.newBuilder()
                                .setDevice("d")
                                .setMetric("m")
                                .setValue(1))
                        .build());
    }
}
