package io.tidegate.simulator.fleet;

import static io.tidegate.simulator.fleet.Fleets.AWAKE;
import static io.tidegate.simulator.fleet.Fleets.NEVER;
import static io.tidegate.simulator.fleet.Fleets.START;
import static io.tidegate.simulator.fleet.Fleets.orderly;
import static io.tidegate.simulator.fleet.Fleets.plan;
import static io.tidegate.simulator.fleet.Fleets.shape;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.simulator.fleet.FleetShape.Pauses;
import io.tidegate.simulator.fleet.FleetShape.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class FleetPlanTest {

    @Property(tries = 50)
    void the_same_seed_and_start_plan_the_same_bytes(
            @ForAll int seed,
            @ForAll @DoubleRange(max = 1) double outOfOrder,
            @ForAll @DoubleRange(max = 1) double duplicates,
            @ForAll @DoubleRange(max = 1) double pausing) {
        FleetShape shape = shape(
                seed,
                new Share(outOfOrder, Duration.ofSeconds(2)),
                new Share(duplicates, Duration.ofSeconds(2)),
                new Pauses(pausing, Duration.ofSeconds(2), Duration.ofSeconds(1)));

        assertThat(plan(shape)).isEqualTo(plan(shape));
    }

    @Test
    void another_seed_plans_other_bytes() {
        assertThat(plan(shape(1, NEVER, NEVER, AWAKE))).isNotEqualTo(plan(shape(2, NEVER, NEVER, AWAKE)));
    }

    @Test
    void the_rate_is_kept_over_all_devices_and_each_has_its_turn() {
        List<PlannedMessage> messages = plan(orderly());

        assertThat(messages).hasSize(1_000);
        assertThat(messages.get(0).offsetMs()).isZero();
        assertThat(messages.get(999).offsetMs()).isEqualTo(9_990);
        assertThat(messages.stream().collect(groupingBy(PlannedMessage::device, counting())))
                .hasSize(10)
                .allSatisfy((device, count) -> assertThat(count).isEqualTo(100));
    }

    @Test
    void a_message_says_value_time_unit_and_the_seq_of_its_device() throws Exception {
        PlannedMessage message = plan(orderly()).get(20);

        JsonNode json = new ObjectMapper().readTree(message.payload());
        assertThat(message.topic()).isEqualTo("sensors/d1/temperature");
        assertThat(Instant.parse(json.path("time").textValue())).isEqualTo(START.plusMillis(200));
        assertThat(json.path("seq").longValue()).isEqualTo(3);
        assertThat(json.path("unit").textValue()).isEqualTo("Cel");
        assertThat(message.reading())
                .isEqualTo(new Reading(
                        "d1",
                        "temperature",
                        3,
                        START.toEpochMilli() + 200,
                        json.path("value").doubleValue()));
    }

    @Test
    void a_metric_without_unit_sends_none() {
        assertThat(plan(orderly()).get(10).payload()).doesNotContain("unit");
    }

    @Test
    void signals_stay_where_they_belong() {
        for (PlannedMessage message : plan(orderly())) {
            double value = message.reading().value();
            if (message.reading().metric().equals("humidity")) {
                assertThat(value).isBetween(40.0, 50.0);
            } else {
                assertThat(value).isCloseTo(21, within(4 + 6 * 0.2));
            }
        }
    }

    @Test
    void a_duplicate_repeats_the_bytes_of_an_earlier_message() {
        List<PlannedMessage> messages = plan(shape(3, NEVER, new Share(0.1, Duration.ofSeconds(2)), AWAKE));

        Set<String> seen = new HashSet<>();
        for (PlannedMessage message : messages) {
            boolean isNew = seen.add(message.topic() + message.payload());
            assertThat(isNew).isEqualTo(!message.repeated());
        }
        assertThat(seen).hasSize(1_000);
        assertThat(messages.size() - 1_000).isBetween(60, 140);
    }

    @Test
    void what_is_out_of_order_leaves_after_a_newer_reading_of_its_device() {
        List<PlannedMessage> messages = plan(shape(4, new Share(0.1, Duration.ofSeconds(2)), NEVER, AWAKE));

        Map<Integer, Long> newest = new HashMap<>();
        for (PlannedMessage message : messages) {
            long time = message.reading().timeMs();
            long newestBefore = newest.getOrDefault(message.device(), Long.MIN_VALUE);
            assertThat(message.outOfOrder()).isEqualTo(time < newestBefore);
            newest.put(message.device(), Math.max(time, newestBefore));
        }
        assertThat(messages).isSortedAccordingTo((a, b) -> Long.compare(a.offsetMs(), b.offsetMs()));
        assertThat(messages.stream().filter(PlannedMessage::outOfOrder).count()).isBetween(60L, 100L);
    }

    @Test
    void pausing_devices_are_silent_for_a_while_and_the_others_keep_the_rate() {
        FleetShape shape = shape(5, NEVER, NEVER, new Pauses(0.2, Duration.ofSeconds(2), Duration.ofSeconds(2)));
        List<PlannedMessage> messages = plan(shape);

        Map<Integer, Long> longestSilenceMs = new HashMap<>();
        Map<Integer, Long> before = new HashMap<>();
        for (PlannedMessage message : messages) {
            Long previous = before.put(message.device(), message.offsetMs());
            if (previous != null) {
                longestSilenceMs.merge(message.device(), message.offsetMs() - previous, Math::max);
            }
        }
        assertThat(messages).hasSize(1_000);
        assertThat(longestSilenceMs.values().stream().filter(silence -> silence >= 900))
                .hasSize(2);
        assertThat(longestSilenceMs.values().stream().filter(silence -> silence <= 200))
                .hasSize(8);
    }

    @Test
    void a_fleet_that_sleeps_altogether_skips_its_turns_and_wakes_up() {
        List<PlannedMessage> messages =
                plan(shape(6, NEVER, NEVER, new Pauses(1, Duration.ofMillis(100), Duration.ofSeconds(1))));

        assertThat(messages.size()).isBetween(1, 999);
        assertThat(messages.get(messages.size() - 1).offsetMs()).isGreaterThan(5_000);
    }
}
