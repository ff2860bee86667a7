package io.tidegate.processor.dstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.dstream.JobHarness.Published;
import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.BlockManagerMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The textbook's count per key over a minute, every second, with the inverse. */
class LongWindowTest {

    private static final long WINDOW_MS = 60_000;
    private static final long SHORT_MS = 15_000;
    private static final JobPlan PLAN = new JobPlan(
            List.of(StreamGraphTest.query(
                    "per-key",
                    "",
                    List.of("device"),
                    new QueryKind.Window(WINDOW_MS, 1_000, List.of(AggregateFunction.COUNT)))),
            1,
            1,
            "gw");

    @TempDir
    Path checkpoint;

    @BeforeEach
    void script() {
        ScriptedGateway.forget();
        for (long batch = 1_000; batch <= 20_000; batch += 1_000) {
            for (long i = 0; i < batch / 1_000; i++) {
                ScriptedGateway.write(
                        batch,
                        0,
                        Event.newBuilder()
                                .setTimeUs(batch * 1_000)
                                .setReading(Reading.newBuilder()
                                        .setDevice("d")
                                        .setMetric("m")
                                        .setValue(1))
                                .build());
            }
        }
    }

    @Test
    void what_came_leaves_the_window_after_60_seconds_and_not_before() {
        try (JobHarness job = JobHarness.start(PLAN, checkpoint, "here:1")) {
            List<Published> windows = job.runThrough(82_000).published();

            assertThat(windows)
                    .hasSize(80)
                    .allSatisfy(window -> assertThat(window.json().get("count").asLong())
                            .isEqualTo(eventsThrough(window.batch()) - eventsThrough(window.batch() - WINDOW_MS)));
            assertThat(windows.get(79).batch()).isEqualTo(80_000);
            assertThat(windows.get(79).json().get("count").asLong()).isZero();
            assertThat(windows.get(58).json().get("partial").asBoolean()).isTrue();
            assertThat(windows.get(59).json().get("partial").asBoolean()).isFalse();
        }
    }

    @Test
    void panes_are_made_again_when_all_that_spark_kept_is_lost_and_after_a_restart() {
        JobPlan two = new JobPlan(
                List.of(
                        PLAN.queries().get(0),
                        StreamGraphTest.query(
                                "short",
                                "",
                                List.of("device"),
                                new QueryKind.Window(SHORT_MS, 1_000, List.of(AggregateFunction.COUNT)))),
                1,
                1,
                "gw");
        List<Published> windows = new ArrayList<>();
        try (JobHarness job = JobHarness.start(two, checkpoint, "here:1")) {
            job.runThrough(30_000);
            BlockManagerMaster blocks =
                    job.context().ssc().sparkContext().env().blockManager().master();
            kept(job).forEach((id, rdd) -> blocks.removeRdd(id, true));
            windows.addAll(job.runThrough(40_000).published());
        }
        try (JobHarness job = JobHarness.start(two, checkpoint, "here:1")) {
            windows.addAll(job.runThrough(82_000).published());
            assertThat(kept(job))
                    .as("60 + 15 panes; partials, windows and states of the last 20 or so")
                    .hasSizeBetween(75, 245);
        }

        assertThat(windows.stream().map(Published::batch).distinct()).hasSize(80);
        assertThat(windows).allSatisfy(window -> {
            long spanMs = window.topic().contains("short") ? SHORT_MS : WINDOW_MS;
            assertThat(window.json().get("count").asLong())
                    .isEqualTo(eventsThrough(window.batch()) - eventsThrough(window.batch() - spanMs));
        });
    }

    private static Map<Integer, JavaRDD<?>> kept(JobHarness job) {
        return job.context().sparkContext().getPersistentRDDs();
    }

    /** 1 + 2 + … + 20 events in twenty batches. */
    private static long eventsThrough(long ms) {
        long batches = Math.max(0, Math.min(20, ms / 1_000));
        return batches * (batches + 1) / 2;
    }
}
