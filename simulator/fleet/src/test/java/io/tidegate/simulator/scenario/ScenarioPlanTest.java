package io.tidegate.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.scenario.Step.Publish;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioPlanTest {
    private static final long START = 1_767_600_000_000L; // 2026-01-05T08:00:00Z

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"calm", "out-of-order", "faulty", "bursty", "mixed"})
    void a_shipped_scenario_plans_the_same_bytes_each_time_and_ends_within_a_minute(String name) throws Exception {
        Scenario scenario = Scenarios.shipped(name);
        List<Step> steps = ScenarioPlan.of(scenario);

        assertThat(steps).isEqualTo(ScenarioPlan.of(Scenarios.shipped(name))).hasSizeGreaterThan(1_000);
        assertThat(steps).isSortedAccordingTo((a, b) -> Long.compare(a.offsetMs(), b.offsetMs()));
        assertThat(steps.get(steps.size() - 1).offsetMs() / scenario.speed()).isLessThan(60_000);
    }

    @Test
    void another_seed_plans_other_bytes() throws Exception {
        String fault = "{ fault = dropout, chance = 0.5 }";

        assertThat(plan("seed = 1", fault)).isNotEqualTo(plan("seed = 2", fault));
    }

    @Test
    void a_device_measures_at_its_interval_and_says_hello_and_goodbye() throws Exception {
        List<Publish> messages = messages(plan("seed = 1", ""));

        assertThat(messages.get(0).topic()).isEqualTo("sensors/d-1/status");
        assertThat(messages.get(0).payload()).isEqualTo("online");
        assertThat(messages.get(messages.size() - 1).payload()).isEqualTo("offline");
        readings(messages).hasSize(120);
        readings(messages)
                .filteredOn("device", "d-1")
                .extracting(Reading::timeMs)
                .startsWith(START, START + 1_000, START + 2_000)
                .hasSize(60);
    }

    @Test
    void drift_and_spikes_move_the_values_and_only_of_their_metric_and_part() throws Exception {
        List<Publish> messages = messages(plan("seed = 1", """
                { fault = drift, metric = m, per-hour = 3600, from = 30s, part = 0.5 }
                { fault = spike, chance = 0.1, by = 1000, part = 0.5 }"""));

        readings(messages)
                .filteredOn("device", "d-1")
                .extracting(Reading::value)
                .containsOnly(5.0);
        readings(messages)
                .filteredOn("device", "d-2")
                .filteredOn(reading -> reading.timeMs() == START + 50_500)
                .extracting(reading -> reading.value() % 1000)
                .containsExactly(25.5);
        readings(messages).filteredOn(reading -> reading.value() > 900).hasSizeBetween(1, 15);
    }

    @Test
    void a_silent_device_says_nothing_and_one_that_is_silent_to_the_end_no_goodbye() throws Exception {
        List<Publish> messages = messages(plan("seed = 1", "{ fault = silence, at = 20s, for = 1h, part = 0.5 }"));

        readings(messages).filteredOn("device", "d-2").hasSize(20);
        assertThat(messages)
                .filteredOn(message -> message.payload().equals("offline"))
                .hasSize(1);
    }

    @Test
    void a_duplicate_repeats_the_bytes() throws Exception {
        List<Publish> messages = messages(plan("seed = 1", "{ fault = duplicate, chance = 0.2, within = 5s }"));

        Set<String> seen = new HashSet<>();
        long repeated = messages.stream()
                .filter(message -> !message.retained())
                .filter(message -> !seen.add(message.topic() + message.payload()))
                .count();
        assertThat(seen).hasSize(120);
        assertThat(repeated).isBetween(10L, 45L);
    }

    @Test
    void disorder_stays_within_its_bound() throws Exception {
        List<Publish> messages = messages(plan("seed = 1", "{ fault = out-of-order, chance = 0.5, within = 7s }"));

        Map<String, Long> greatest = new HashMap<>();
        long worst = 0;
        for (Reading reading : Scenarios.readings(messages)) {
            long behind = greatest.merge(reading.device(), reading.timeMs(), Math::max) - reading.timeMs();
            worst = Math.max(worst, behind);
        }
        assertThat(worst).isBetween(3_000L, 7_000L);
    }

    @Test
    void late_readings_leave_in_rounds_that_wait_until_all_is_worked_off() throws Exception {
        List<Step> steps = plan("seed = 1", "{ fault = late, chance = 0.3, by = 20s }");

        assertThat(steps)
                .filteredOn(step -> step instanceof Step.Barrier)
                .extracting(Step::offsetMs)
                .containsExactly(40_000L, 60_000L);
        for (Publish message : messages(steps)) {
            for (Reading reading : Scenarios.readings(List.of(message))) {
                long delay = message.offsetMs() - (reading.timeMs() - START);
                assertThat(delay)
                        .satisfiesAnyOf(
                                none -> assertThat(none).isZero(),
                                late -> assertThat(late).isBetween(20_000L, 40_000L));
            }
        }
    }

    @Test
    void clocks_are_off_from_the_start_or_from_a_moment_before_which_all_is_worked_off() throws Exception {
        List<Step> steps = plan("seed = 1", """
                { fault = clock-skew, by = -90s, part = 0.5 }
                { fault = clock-step, at = 30s, by = -10m }""");

        assertThat(steps).contains(new Step.Barrier(30_000));
        readings(messages(steps))
                .filteredOn("device", "d-1")
                .extracting(Reading::timeMs)
                .startsWith(START)
                .endsWith(START + 59_000 - 600_000);
        readings(messages(steps))
                .filteredOn("device", "d-2")
                .first()
                .extracting(Reading::timeMs)
                .isEqualTo(START + 500 - 90_000);
    }

    @Test
    void what_is_dropped_never_leaves_and_what_is_malformed_cannot_be_read() throws Exception {
        List<Publish> messages = messages(plan("seed = 1", """
                { fault = dropout, chance = 0.2 }
                { fault = malformed, chance = 0.2 }"""));

        long spoiled = messages.stream()
                .flatMap(message -> message.content().stream())
                .filter(said -> said instanceof Observation.Unreadable)
                .count();
        assertThat(spoiled).isBetween(8L, 40L);
        readings(messages).hasSizeBetween(50, 100);
    }

    @Test
    void a_reading_says_which_drift_or_spike_moved_it() throws Exception {
        List<Observation.Measured> said = measured(messages(plan("seed = 1", """
                { fault = drift, metric = m, per-hour = 3600, from = 30s, part = 0.5 }
                { fault = spike, chance = 0.1, by = 1000 }""")));

        // d-2 measures at 0.5 s, 1.5 s ... 59.5 s; from 30.5 s on it is off
        assertThat(said)
                .filteredOn(measured -> has(measured, Fault.Drift.class))
                .extracting(measured ->
                        measured.reading().device() + " " + (measured.reading().timeMs() - START))
                .startsWith("d-2 30500", "d-2 31500")
                .endsWith("d-2 59500")
                .hasSize(30);
        assertThat(said)
                .allSatisfy(measured -> assertThat(has(measured, Fault.Spike.class))
                        .isEqualTo(measured.reading().value() > 900));
        assertThat(said).anyMatch(measured -> has(measured, Fault.Spike.class));
    }

    @Test
    void the_first_reading_after_lost_ones_says_how_many_were_lost() throws Exception {
        List<Publish> messages = messages(plan("seed = 1", """
                { fault = dropout, chance = 0.4 }
                { fault = malformed, chance = 0.2 }"""));

        for (String topic : List.of("sensors/d-1/m", "sensors/d-2/m")) {
            long used = 0;
            long lost = 0;
            for (Publish message : messages) {
                if (message.topic().equals(topic)) {
                    used++;
                    for (Observation.Measured measured : measured(List.of(message))) {
                        assertThat(measured.reading().seq())
                                .isEqualTo(used + lost + measured.faults().size());
                        lost += measured.faults().size();
                    }
                }
            }
            assertThat(lost).isPositive();
        }
    }

    @Test
    void a_burst_measures_more_often() throws Exception {
        List<Publish> messages = messages(plan("seed = 1", "{ fault = burst, at = 10s, for = 10s, factor = 10 }"));

        readings(messages).hasSizeBetween(290, 304);
    }

    @Test
    void after_a_reconnect_storm_all_that_waited_leaves_in_order_behind_online() throws Exception {
        List<Step> steps = plan("seed = 1", "{ fault = reconnect-storm, at = 20s, for = 15s }");

        int back = steps.indexOf(new Step.Reconnect(35_000));
        List<Publish> after = messages(steps.subList(back, steps.size()));
        assertThat(messages(steps)).noneMatch(message -> message.offsetMs() > 20_000 && message.offsetMs() < 35_000);
        assertThat(after.get(0).payload()).isEqualTo("online");
        readings(after)
                .filteredOn("device", "d-1")
                .extracting(Reading::timeMs)
                .startsWith(START + 20_000, START + 21_000)
                .isSorted();
    }

    private static List<Observation.Measured> measured(List<Publish> messages) {
        return messages.stream()
                .flatMap(message -> message.content().stream())
                .filter(Observation.Measured.class::isInstance)
                .map(Observation.Measured.class::cast)
                .toList();
    }

    private static boolean has(Observation.Measured measured, Class<? extends Fault> kind) {
        return measured.faults().stream().anyMatch(kind::isInstance);
    }

    private org.assertj.core.api.ListAssert<Reading> readings(List<Publish> messages) {
        return assertThat(Scenarios.readings(messages));
    }

    private static List<Publish> messages(List<Step> steps) {
        return steps.stream()
                .flatMap(step -> step instanceof Publish message ? Stream.of(message) : Stream.empty())
                .toList();
    }

    private List<Step> plan(String settings, String faults) throws Exception {
        return ScenarioPlan.of(Scenarios.read(folder, """
                tidegate.scenario {
                  start = "2026-01-05T08:00:00Z", duration = 60s, %s
                  devices = [{ name = d, count = 2, every = 1s
                    metrics = [{ name = m, signal = constant, base = 5 }]
                    faults = [
                      %s
                    ] }]
                }""".formatted(settings, faults)));
    }
}
