package io.tidegate.processor.dstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.dstream.JobHarness.Published;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** D6 of the fault catalogue, with a clock of the gateway that is written down: silence ends a session, a fault does not. */
class SilenceTest {

    private static final long BATCH = JobHarness.BATCH_MS;
    private static final long GAP = 5_000;
    private static final long LATENESS = 1_000;
    private static final long AWAY = 20_000;
    private static final JobPlan PLAN = new JobPlan(
            List.of(StreamGraphTest.query("s", "", List.of("device"), new QueryKind.Sessions(GAP, LATENESS, BATCH))),
            ScriptedGateway.KEY_GROUPS,
            2,
            "gw");

    @TempDir
    Path checkpoint;

    @BeforeEach
    void empty() {
        ScriptedGateway.forget();
    }

    @Test
    void an_idle_device_s_session_closes_at_most_two_batches_after_it_is_due_and_not_before() {
        report("d", BATCH, BATCH - 1);
        long due = BATCH - 1 + GAP + LATENESS;

        try (JobHarness job = JobHarness.start(PLAN, checkpoint, "here:1")) {
            job.runThrough(due + 3 * BATCH);

            assertThat(closed(job, "d"))
                    .singleElement()
                    .satisfies(result -> assertThat(result.batch()).isBetween(due, due + 2 * BATCH));
        }
    }

    /** The gateway's time stands still meanwhile, batches don't; then what the device had sent comes all at once. */
    @Test
    void nothing_closes_while_the_gateway_is_away_and_who_went_on_reporting_is_not_cut_in_two() {
        long left = 3 * BATCH;
        long back = left + AWAY;
        report("busy", BATCH, BATCH - 1);
        report("idle", BATCH, BATCH - 1);
        ScriptedGateway.standStill(left, back - BATCH);
        for (long time = BATCH + GAP - 1; time < back; time += GAP) {
            report("busy", back, time);
        }
        try (JobHarness job = JobHarness.start(PLAN, checkpoint, "here:1")) {
            job.runThrough(back - BATCH);
            assertThat(closed(job, "busy")).isEmpty();
            assertThat(closed(job, "idle")).isEmpty();

            job.runThrough(back + 2 * BATCH);
            assertThat(closed(job, "idle")).hasSize(1);
            assertThat(closed(job, "busy")).isEmpty();
            job.runThrough(back + GAP + LATENESS + 2 * BATCH);
            assertThat(closed(job, "busy"))
                    .singleElement()
                    .satisfies(result ->
                            assertThat(result.json().get("events").asLong()).isEqualTo(1 + AWAY / GAP));
        }
    }

    /** What was missed is run again as batches of their own, without time having passed at the gateway. */
    @Test
    void nothing_closes_because_the_processor_was_down() {
        long left = 3 * BATCH;
        long back = left + AWAY;
        report("busy", BATCH, BATCH - 1);
        ScriptedGateway.standStill(left, back);
        for (long time = BATCH + GAP - 1; time < back; time += GAP) {
            report("busy", back + BATCH, time);
        }
        try (JobHarness job = JobHarness.start(PLAN, checkpoint, "here:1")) {
            job.runThrough(left);
        }
        try (JobHarness job = JobHarness.startAfter(AWAY, PLAN, checkpoint, "here:1")) {
            job.runThrough(back + 2 * BATCH);
            assertThat(closed(job, "busy")).isEmpty();
        }
    }

    private static List<Published> closed(JobHarness job, String device) {
        return job.published().stream()
                .filter(p -> p.topic().equals("tidegate/sessions/s/" + device)
                        && p.json().get("state").asText().equals("closed"))
                .toList();
    }

    /** A reading that comes in a batch and says when it was taken; it is received with its batch. */
    private static void report(String device, long batch, long timeMs) {
        ScriptedGateway.write(
                batch,
                device.length() % ScriptedGateway.KEY_GROUPS,
                Event.newBuilder()
                        .setTimeUs(timeMs * 1_000)
                        .setReceivedMs(batch - 1)
                        .setReading(Reading.newBuilder()
                                .setDevice(device)
                                .setMetric("m")
                                .setValue(1))
                        .build());
    }
}
