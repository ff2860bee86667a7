package io.tidegate.processor.dstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much windows hold, as pages and metrics show it. */
class WindowSizeTest {

    @TempDir
    Path folder;

    @BeforeEach
    void empty() {
        ScriptedGateway.forget();
    }

    @Test
    void queries_that_share_a_window_are_told_apart_and_keep_their_size_between_slides() {
        for (int device = 0; device < 5; device++) {
            write(2_000, device, "m" + device % 2);
        }
        JobPlan plan = JobPlan.of(
                List.of(
                        StreamGraphTest.query(
                                "by-device",
                                "",
                                List.of("device"),
                                new QueryKind.Window(4_000, 2_000, List.of(AggregateFunction.COUNT))),
                        StreamGraphTest.query(
                                "by-metric",
                                "",
                                List.of("metric"),
                                new QueryKind.Window(4_000, 2_000, List.of(AggregateFunction.COUNT))),
                        StreamGraphTest.query("busiest", "", List.of("device"), new QueryKind.Top(4_000, 2_000, 2))),
                ScriptedGateway.KEY_GROUPS,
                2,
                "gw");

        try (JobHarness job = JobHarness.start(plan, folder, "")) {
            job.runThrough(2_000);
            assertThat(keys(job, "by-device")).isEqualTo(5);
            assertThat(keys(job, "by-metric")).isEqualTo(2);
            assertThat(keys(job, "busiest")).isEqualTo(5);
            assertThat(job.stateSize("by-device").bytes()).isGreaterThan(5 * 400L);

            job.runThrough(3_000);
            assertThat(keys(job, "by-device")).isEqualTo(5);

            job.runThrough(8_000);
            assertThat(job.stateSize("by-device")).isEqualTo(StateSize.NONE);
            assertThat(job.stateSize("busiest")).isEqualTo(StateSize.NONE);
        }
    }

    private static long keys(JobHarness job, String query) {
        return job.stateSize(query).keys();
    }

    private static void write(long batchMs, int device, String metric) {
        ScriptedGateway.write(
                batchMs,
                0,
                Event.newBuilder()
                        .setTimeUs(1_700_000_000_000_000L)
                        .setReceivedMs(batchMs - 1)
                        .setReading(Reading.newBuilder()
                                .setDevice("d" + device)
                                .setMetric(metric)
                                .setValue(1))
                        .build());
    }
}
