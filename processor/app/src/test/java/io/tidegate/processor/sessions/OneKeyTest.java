package io.tidegate.processor.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.processor.partial.Observation;
import io.tidegate.processor.partial.Partial;
import io.tidegate.processor.partial.PartialBuilder;
import io.tidegate.processor.partial.TickPartial;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.Subject;
import io.tidegate.processor.state.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A key that is woken by a timer, against the same key in the state of a group, which looks at its timers in every batch. */
class OneKeyTest {

    private static final SessionsSpec SPEC = new SessionsSpec(new Subject("sessions", List.of("k")), 10, 20, 2500, 400);
    private static final String KEY = "[\"a\"]";

    @Property(tries = 1000)
    void in_the_same_batches_it_says_the_same_late_events_silence_and_forgetting_included(@ForAll long seed) {
        Random random = new Random(seed);
        SessionsState group = SessionsState.EMPTY;
        byte[] state = null;
        long tick = OneKey.NEVER;
        long due = OneKey.NEVER;
        long time = 1_000;
        for (int batch = 1; batch <= 60; batch++) {
            long batchMs = batch * 1_000L;
            time += random.nextInt(8) == 0 ? random.nextInt(500) : random.nextInt(12);
            long seenThrough = time;
            List<Observation> events = events(random, time, batch);

            Step<SessionsState> expected = group.advance(input(events, batchMs, seenThrough), batchMs, SPEC);
            group = expected.state();
            List<Result> results = new ArrayList<>();
            if (!events.isEmpty() || seenThrough > tick || batchMs >= due) {
                OneKey.Turn turn = new OneKey(SPEC, KEY).advance(state, events, batchMs, seenThrough);
                state = turn.state();
                tick = turn.tickMs();
                due = turn.dueMs();
                results.addAll(turn.results());
                assertThat(turn.applied() + turn.late()).isEqualTo(events.size());
            }

            assertThat(results).isEqualTo(expected.results());
            assertThat(state == null).as("forgotten").isEqualTo(group.size() == 0);
        }
    }

    @Test
    void a_state_in_another_format_is_refused_and_not_misread() {
        Observation event = new Observation(1_000, 1_000, 0, 0, "t", 1.0);
        byte[] state = Objects.requireNonNull(new OneKey(SPEC, KEY)
                .advance(null, List.of(event), 1_000, 1_000)
                .state());
        byte[] newer = state.clone();
        newer[0]++;
        byte[] withoutFormat = Arrays.copyOfRange(state, 1, state.length);

        for (byte[] other : List.of(newer, withoutFormat)) {
            assertThatThrownBy(() -> new OneKey(SPEC, KEY).advance(other, List.of(), 2_000, 2_000))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("format " + other[0] + " (expected: 1)");
        }
    }

    /** None or some, most of them new, some old and some very old. */
    private static List<Observation> events(Random random, long receivedMs, int batch) {
        List<Observation> events = new ArrayList<>();
        int count = random.nextInt(3) == 0 ? random.nextInt(5) : 0;
        for (int i = 0; i < count; i++) {
            long age = random.nextInt(4) == 0 ? random.nextInt(80) : random.nextInt(10);
            events.add(new Observation(receivedMs - age, receivedMs, 0, batch * 10L + i, "t", random.nextInt(9) / 4.0));
        }
        return events;
    }

    private static Partial input(List<Observation> events, long batchMs, long seenThroughMs) {
        PartialBuilder builder = PartialBuilder.sessions(SPEC.gapMs(), 1);
        events.forEach(event -> builder.add(KEY, event));
        Partial input = new TickPartial(batchMs, seenThroughMs);
        for (Partial partial : builder.build().values()) {
            input = input.merge(partial);
        }
        return input;
    }
}
