package io.tidegate.processor.aggregate.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.SingleKeyAggregation;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A key that is woken by a timer, against the same key in the state of a group, which looks at its timers in every batch. */
class SingleKeySessionsTest {

    private static final SessionsAggregation QUERY =
            new SessionsAggregation(new Subject("sessions", List.of("k")), 10, 20, 2500, 400);
    private static final String KEY = "[\"a\"]";

    @Property(tries = 1000)
    void in_the_same_batches_it_says_the_same_late_events_silence_and_forgetting_included(@ForAll long seed) {
        Random random = new Random(seed);
        SessionsState group = SessionsState.EMPTY;
        byte[] state = null;
        long tick = SingleKeyAggregation.NEVER;
        long due = SingleKeyAggregation.NEVER;
        long time = 1_000;
        for (int batch = 1; batch <= 60; batch++) {
            long batchMs = batch * 1_000L;
            time += random.nextInt(8) == 0 ? random.nextInt(500) : random.nextInt(12);
            long seenThrough = time;
            List<InputEvent> events = events(random, time, batch);

            StateUpdate<SessionsState> expected = group.advance(input(events, batchMs, seenThrough), batchMs, QUERY);
            group = expected.state();
            List<Result> results = new ArrayList<>();
            if (!events.isEmpty() || seenThrough > tick || batchMs >= due) {
                SingleKeyAggregation.Update update = new SingleKeySessions(QUERY)
                        .advance(KEY, state, new SingleKeyAggregation.Batch(events, batchMs, seenThrough, false));
                state = update.state();
                tick = update.tickMs();
                due = update.dueMs();
                results.addAll(update.results());
                assertThat(update.applied() + update.late()).isEqualTo(events.size());
            }

            assertThat(results).isEqualTo(expected.results());
            assertThat(state == null).as("forgotten").isEqualTo(group.size() == 0);
        }
    }

    @Test
    void a_state_in_another_format_is_refused_and_not_misread() {
        InputEvent event = new InputEvent(1_000, 1_000, 0, 0, "t", 1.0);
        byte[] state = Objects.requireNonNull(new SingleKeySessions(QUERY)
                .advance(KEY, null, new SingleKeyAggregation.Batch(List.of(event), 1_000, 1_000, false))
                .state());
        byte[] newer = state.clone();
        newer[0]++;
        byte[] withoutFormat = Arrays.copyOfRange(state, 1, state.length);

        for (byte[] other : List.of(newer, withoutFormat)) {
            assertThatThrownBy(() -> new SingleKeySessions(QUERY)
                            .advance(KEY, other, new SingleKeyAggregation.Batch(List.of(), 2_000, 2_000, false)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("format " + other[0] + " (expected: 1)");
        }
    }

    /** None or some, most of them new, some old and some very old. */
    private static List<InputEvent> events(Random random, long receivedMs, int batch) {
        List<InputEvent> events = new ArrayList<>();
        int count = random.nextInt(3) == 0 ? random.nextInt(5) : 0;
        for (int i = 0; i < count; i++) {
            long age = random.nextInt(4) == 0 ? random.nextInt(80) : random.nextInt(10);
            events.add(new InputEvent(receivedMs - age, receivedMs, 0, batch * 10L + i, "t", random.nextInt(9) / 4.0));
        }
        return events;
    }

    private static Partial input(List<InputEvent> events, long batchMs, long seenThroughMs) {
        PartialBuilder builder = new SessionsPartialBuilder(QUERY.gapMs(), 1);
        events.forEach(event -> builder.add(KEY, event));
        Partial input = new TickPartial(batchMs, seenThroughMs);
        for (Partial partial : builder.build().values()) {
            input = input.merge(partial);
        }
        return input;
    }
}
