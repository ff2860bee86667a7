package io.tidegate.processor.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.processor.dstream.JobHarness.Published;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Anomalies through the whole graph on Spark, with a restart while one of them lasts. */
class AnomalyGraphTest {

    private static final QueryKind.Anomaly KIND =
            new QueryKind.Anomaly(20_000, 5_000, 8, 0, new QueryKind.Anomaly.Thresholds(6, 3, 1, 3), 1_000);
    private static final JobPlan PLAN = new JobPlan(
            List.of(StreamGraphTest.query("odd", "", List.of("device"), KIND)), ScriptedGateway.KEY_GROUPS, 2, "gw");

    @TempDir
    Path checkpoint;

    @BeforeEach
    void script() {
        ScriptedGateway.forget();
        for (int second = 1; second <= 40; second++) {
            for (int device = 0; device < 4; device++) {
                boolean spike = device == 0 && second == 25;
                Reading.Builder reading = Reading.newBuilder()
                        .setDevice("d" + device)
                        .setMetric("m")
                        .setValue(spike ? 500 : 10 + second % 4);
                ScriptedGateway.write(
                        second * JobHarness.BATCH_MS,
                        device,
                        Event.newBuilder()
                                .setTimeUs(second * 1_000_000L)
                                .setReading(reading)
                                .build());
            }
        }
    }

    @Test
    void a_spike_is_one_anomaly_also_when_the_processor_restarts_before_it_is_over() {
        List<Published> before;
        try (JobHarness job = JobHarness.start(PLAN, checkpoint, "yesterday:1")) {
            before = List.copyOf(job.runThrough(26_000).published());
        }
        List<Published> after;
        try (JobHarness job = JobHarness.start(PLAN, checkpoint, "today:2")) {
            after = List.copyOf(job.runThrough(40_000).published());
            assertThat(job.ledger().residual()).isZero();
            assertThat(job.ledger().queries().get(0).applied()).isEqualTo(4 * 40);
        }

        assertThat(states(before, "d1")).containsExactly("learning 1", "normal 2");
        assertThat(states(before, "d0")).containsExactly("learning 1", "normal 2", "anomalous 1");
        // A batch that runs again says the same again.
        assertThat(states(
                        Stream.concat(before.stream(), after.stream())
                                .distinct()
                                .toList(),
                        "d0"))
                .containsExactly("learning 1", "normal 2", "anomalous 1", "recovered 2");
        Published spike = anomaly(before, "anomalous");
        assertThat(spike.id()).isEqualTo("odd/d0/25000");
        // The values of seconds 5 to 24: five times each of 10, 11, 12 and 13.
        assertThat(spike.json().get("expected").asDouble()).isEqualTo(11.5);
        assertThat(spike.json().get("score").asDouble()).isCloseTo(488.5 / 1.4826, within(1e-9));
        Published over = anomaly(after, "recovered");
        assertThat(over.id()).isEqualTo("odd/d0/25000");
        assertThat(over.json().get("until").asText()).isEqualTo("1970-01-01T00:00:26.000Z");
        assertThat(over.json().get("time").asText()).isEqualTo("1970-01-01T00:00:28.000Z");
    }

    private static Published anomaly(List<Published> all, String state) {
        return all.stream()
                .filter(one -> one.json().get("state").asText().equals(state))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> states(List<Published> all, String device) {
        return all.stream()
                .filter(one -> one.topic().equals("tidegate/anomalies/odd/" + device))
                .map(one -> one.json().get("state").asText() + " " + one.json().get("rev"))
                .toList();
    }
}
