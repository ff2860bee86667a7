package io.tidegate.simulator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.json.Json;
import io.tidegate.simulator.oracle.ExpectedState;
import io.tidegate.simulator.oracle.InjectedFaults;
import io.tidegate.simulator.oracle.Query;
import io.tidegate.simulator.oracle.QueryFile;
import io.tidegate.simulator.scenario.Fault;
import io.tidegate.simulator.scenario.Observation;
import io.tidegate.simulator.scenario.Step;
import io.tidegate.simulator.verify.Detection.Found;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices d and e measure m at each full second; faults and anomalies are named by the second. */
class AnomalyComparisonTest {
    private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
    private static final Fault SPIKE = new Fault.Spike(Optional.empty(), 0.1, 500);
    private static final Fault DRIFT = new Fault.Drift(Optional.empty(), 30, Duration.ofSeconds(5));
    private static final Fault DROPOUT = new Fault.Dropout(0.1);

    private static final Found NONE = new Found(0, 0);

    @TempDir
    private Path folder;

    private final List<Observation> said = new ArrayList<>();
    private final List<JsonNode> answers = new ArrayList<>();

    @Test
    void faults_of_each_kind_are_found_or_missed_and_what_none_of_them_explains_is_false() throws Exception {
        for (int second = 0; second < 20; second++) {
            switch (second) {
                case 3, 7, 12 -> measure("d", second, SPIKE);
                case 10 -> measure("d", second, DROPOUT, DROPOUT);
                case 15 -> measure("d", second, DROPOUT);
                default -> measure("d", second);
            }
            measure("e", second, second > 5 ? new Fault[] {DRIFT} : new Fault[0]);
        }
        answer("d", "normal", 0);
        recovered("d", 3, 4); // the spike at 3
        recovered("d", 5, 6); // false
        recovered("d", 10, 11); // follows two lost readings
        answer("d", "anomalous", 12); // the spike at 12; what was lost before 15 is not seen in it
        answer("e", "learning", 0);
        recovered("e", 2, 3); // false: before the drift
        recovered("e", 9, 19); // the drift

        Verdict verdict = verdict();

        Detection counted = new Detection(new Found(2, 1), new Found(1, 0), new Found(2, 1), 2);
        assertThat(verdict.detection()).isEqualTo(counted);
        assertThat(counted.text()).isEqualTo("spike 2 of 3 found, drift 1 of 1, dropout 2 of 3, false 2");
        assertThat(verdict.isRight()).as("%s", verdict.differences()).isTrue();
        assertThat(verdict.counts().right()).isEqualTo(2); // d and e
    }

    @Test
    void an_anomaly_shows_what_lies_between_its_begin_and_its_end_of_its_own_key() throws Exception {
        measure("d", 1);
        measure("d", 2, SPIKE);
        measure("d", 3);
        measure("d", 4, SPIKE);
        measure("e", 2, SPIKE);
        measure("e", 3);
        recovered("d", 1, 4); // begins before the spike at 2, and is over when the one at 4 comes
        answer("e", "anomalous", 3);

        assertThat(verdict().detection()).isEqualTo(new Detection(new Found(1, 2), NONE, NONE, 1));
    }

    @Test
    void an_anomaly_that_ends_at_the_time_at_which_it_begins_shows_the_reading_of_that_time() throws Exception {
        measure("d", 1, SPIKE);
        recovered("d", 1, 1);

        assertThat(verdict().detection()).isEqualTo(new Detection(new Found(1, 0), NONE, NONE, 0));
    }

    @Test
    void a_spike_after_a_lost_reading_explains_the_anomaly_and_the_loss_is_missed() throws Exception {
        measure("d", 1);
        measure("d", 3, SPIKE, DROPOUT);
        measure("d", 4, DRIFT);
        recovered("d", 3, 4);

        assertThat(verdict().detection())
                .isEqualTo(new Detection(new Found(1, 0), new Found(0, 1), new Found(0, 1), 0));
    }

    @Test
    void a_spike_in_a_drift_and_the_drift_are_shown_by_the_same_anomaly() throws Exception {
        measure("d", 1, DRIFT);
        measure("d", 2, DRIFT, SPIKE);
        answer("d", "anomalous", 2);

        assertThat(verdict().detection()).isEqualTo(new Detection(new Found(1, 0), new Found(1, 0), NONE, 0));
    }

    @Test
    void a_repeated_reading_one_out_of_order_and_an_unreadable_one_explain_nothing() throws Exception {
        measure("d", 2);
        measure("d", 2);
        said.add(new Observation.Unreadable("sensors/d/m", "{"));
        measure("d", 1);
        recovered("d", 1, 2);
        answer("d", "anomalous", 2);

        assertThat(verdict().detection()).isEqualTo(new Detection(NONE, NONE, NONE, 2));
    }

    @Test
    void a_repeated_spike_is_one() throws Exception {
        measure("d", 1, SPIKE);
        measure("d", 1, SPIKE);
        answer("d", "normal", 1);

        assertThat(verdict().detection()).isEqualTo(new Detection(new Found(0, 1), NONE, NONE, 0));
    }

    @Test
    void only_faults_of_readings_that_where_takes_count() throws Exception {
        measure("d", 1, SPIKE);
        measure("e", 2, SPIKE);
        measure("e", 3);
        answers.add(Json.read("""
                {"id":"q/m/1767600002000","key":{"metric":"m"},"state":"anomalous","since":"2026-01-05T08:00:02Z"}"""));

        Verdict verdict = verdict("by = [metric], where = \"device = 'e'\"");

        assertThat(verdict.detection()).isEqualTo(new Detection(new Found(1, 0), NONE, NONE, 0));
        assertThat(verdict.counts().expected()).isEqualTo(1);
    }

    @Test
    void an_answer_that_the_readings_contradict_is_wrong_and_shows_no_fault() throws Exception {
        measure("d", 1, SPIKE);
        measure("d", 2);
        measure("e", 1);
        recovered("d", 2, 1);
        answer("d", "odd", 1);
        answer("d", "anomalous", 3);
        answers.add(Json.read("""
                {"id":"q/d/m/x","key":{"device":"d","metric":"m"},"state":"recovered","since":"2026-01-05T08:00:01.000Z"}"""));
        answers.add(Json.read("""
                {"id":"q/d/m/y","key":{"device":"d","metric":"m"},"state":"normal","since":"yesterday"}"""));
        answer("e", "normal", 1);

        Verdict verdict = verdict();

        assertThat(verdict.counts().wrong()).isEqualTo(1);
        assertThat(verdict.counts().right()).isEqualTo(1);
        assertThat(verdict.differences()).hasSize(1);
        assertThat(verdict.differences().get(0))
                .startsWith("d m: contradictions is ")
                .contains(
                        "ends at 2026-01-05T08:00:01Z, before it begins",
                        "has the state 'odd'",
                        "since '2026-01-05T08:00:03Z', at which its key has no reading",
                        "q/d/m/x until '', at which its key has no reading",
                        "q/d/m/y since 'yesterday', at which its key has no reading");
        assertThat(verdict.detection()).isEqualTo(new Detection(new Found(0, 1), NONE, NONE, 0));
    }

    @Test
    void a_key_that_was_never_measured_is_unexpected_and_one_without_an_answer_missing() throws Exception {
        measure("d", 1);
        answer("ghost", "anomalous", 1);

        Verdict verdict = verdict();

        assertThat(verdict.counts().missing()).isEqualTo(1);
        assertThat(verdict.counts().unexpected()).isEqualTo(1);
        assertThat(verdict.detection()).isEqualTo(new Detection(NONE, NONE, NONE, 0));
    }

    @Test
    void a_key_with_an_impossible_time_is_undecided() throws Exception {
        said.add(new Observation.Measured(new Reading("d", "m", 1, 0, 500), "", List.of(SPIKE)));
        measure("e", 1, SPIKE);
        answer("d", "anomalous", 2);
        answer("e", "anomalous", 1);

        Verdict verdict = verdict();

        assertThat(verdict.counts().undecided()).isEqualTo(1);
        assertThat(verdict.counts().expected()).isEqualTo(1);
        assertThat(verdict.detection()).isEqualTo(new Detection(new Found(1, 0), NONE, NONE, 0));
    }

    @Test
    void people_get_a_line_for_each_place_and_programs_all_numbers() throws Exception {
        measure("d", 1, SPIKE);
        measure("d", 2);
        answer("d", "anomalous", 2);

        Report report = new Report("s", List.of(verdict().at("topics")));

        assertThat(report.text()).contains("q in topics: spike 0 of 1 found, drift 0 of 0, dropout 0 of 0, false 1\n");
        assertThat(report.json()).contains("""
                "undecided":0,"detection":{"spike":{"found":0,"missed":1},"drift":{"found":0,"missed":0},\
                "dropout":{"found":0,"missed":0},"false":1},"differences":[]""");
    }

    private void measure(String device, int second, Fault... faults) {
        said.add(new Observation.Measured(
                new Reading(device, "m", second, at(second).toEpochMilli(), 1), "", List.of(faults)));
    }

    private void recovered(String device, int since, int until) {
        answers.add(Json.read(json(device, "recovered", since).replace("}}", "},\"until\":\"" + at(until) + "\"}")));
    }

    private void answer(String device, String state, int since) {
        answers.add(Json.read(json(device, state, since)));
    }

    private static String json(String device, String state, int since) {
        return """
                {"query":"q","id":"q/%s/m/%d","rev":1,"state":"%s","since":"%s","key":{"device":"%s","metric":"m"}}""".formatted(device, at(since).toEpochMilli(), state, at(since), device);
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }

    private Verdict verdict() throws Exception {
        return verdict("by = [device, metric]");
    }

    private Verdict verdict(String by) throws Exception {
        Path file = folder.resolve("processor.conf");
        Files.writeString(
                file, "tidegate.processor.queries = [{ name = q, kind = anomaly, from = readings, " + by + " }]");
        Query query = QueryFile.read(file).queries().get(0);
        List<Step> steps = List.of(new Step.Publish(0, "d", "sensors/d/m", "", false, said));
        ExpectedState state = ExpectedState.of(steps.iterator(), at(60));
        return AnomalyComparison.of(query, InjectedFaults.of(query, state), answers, 0);
    }
}
