package io.tidegate.processor.totals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.processor.partial.LedgerPartial;
import io.tidegate.processor.partial.Observation;
import io.tidegate.processor.partial.Partial;
import io.tidegate.processor.partial.PartialBuilder;
import io.tidegate.processor.partial.TickPartial;
import io.tidegate.processor.persistent.Serialized;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.Subject;
import io.tidegate.processor.result.TotalResult;
import io.tidegate.processor.state.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TotalsStateTest {

    private static final String A = "[\"a\"]";
    private static final Subject SUBJECT = new Subject("totals", List.of("device"));
    private static final TotalsSpec EVERY_BATCH = new TotalsSpec(SUBJECT, 1000);
    private static final TotalsSpec EVERY_THIRD = new TotalsSpec(SUBJECT, 3000);

    @Test
    void totals_add_up_over_batches_and_revisions_count() {
        Step<TotalsState> first = TotalsState.EMPTY.advance(batch(event(50, 1.0), event(40, 2.0)), 1000, EVERY_BATCH);
        Step<TotalsState> second = first.state().advance(batch(event(60, 0.5), event(45, null)), 2000, EVERY_BATCH);

        TotalResult result = only(second);
        assertThat(result.header().rev()).isEqualTo(2);
        assertThat(result.header().batch()).isEqualTo(2000);
        assertThat(result.count()).isEqualTo(4);
        assertThat(result.figures().sum()).isEqualTo(3.5);
        assertThat(result.figures().mean()).isEqualTo(3.5 / 3);
        assertThat(result.figures().min()).isEqualTo(0.5);
        assertThat(result.figures().max()).isEqualTo(2.0);
        assertThat(result.sinceMs()).isEqualTo(40);
        assertThat(result.untilMs()).isEqualTo(60);
    }

    @Test
    void a_key_that_did_not_change_is_not_published() {
        Step<TotalsState> first = TotalsState.EMPTY.advance(batch(event(50, 1.0)), 1000, EVERY_BATCH);

        Step<TotalsState> second = first.state().advance(tick(2000), 2000, EVERY_BATCH);

        assertThat(first.results()).hasSize(1);
        assertThat(second.results()).isEmpty();
        assertThat(second.state()).isEqualTo(first.state());
    }

    @Test
    void a_key_is_published_at_most_once_per_emit_every_and_catches_up_without_events() {
        Step<TotalsState> first = TotalsState.EMPTY.advance(batch(event(1, 1.0)), 1000, EVERY_THIRD);
        Step<TotalsState> second = first.state().advance(batch(event(2, 1.0)), 2000, EVERY_THIRD);
        Step<TotalsState> third = second.state().advance(batch(event(3, 1.0)), 3000, EVERY_THIRD);
        Step<TotalsState> fourth = Serialized.again(third.state()).advance(tick(4000), 4000, EVERY_THIRD);
        Step<TotalsState> fifth = fourth.state().advance(tick(5000), 5000, EVERY_THIRD);

        assertThat(first.results()).hasSize(1);
        assertThat(second.results()).isEmpty();
        assertThat(third.results()).isEmpty();
        assertThat(only(fourth).count()).isEqualTo(3);
        assertThat(only(fourth).header().rev()).isEqualTo(2);
        assertThat(fifth.results()).isEmpty();
    }

    @Test
    void advancing_twice_from_the_same_state_gives_the_same() {
        TotalsState state = TotalsState.EMPTY
                .advance(batch(event(1, 1.0)), 1000, EVERY_BATCH)
                .state();

        Step<TotalsState> once = state.advance(batch(event(2, 4.0)), 2000, EVERY_BATCH);
        Step<TotalsState> again = state.advance(batch(event(2, 4.0)), 2000, EVERY_BATCH);

        assertThat(again).isEqualTo(once);
        assertThat(Serialized.again(once.state())).isEqualTo(once.state()).isNotEqualTo(state);
    }

    @Test
    void the_input_of_another_kind_is_refused() {
        Partial ledger = new LedgerPartial.Builder().build();

        assertThatThrownBy(() -> TotalsState.EMPTY.advance(ledger, 1000, EVERY_BATCH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("input: LedgerPartial (expected: TotalsPartial or TickPartial)");
    }

    private static TotalResult only(Step<TotalsState> step) {
        List<Result> results = step.results();
        assertThat(results).hasSize(1);
        return (TotalResult) results.get(0);
    }

    private static Observation event(long time, @Nullable Double value) {
        return new Observation(time, time, 0, time, "m", value);
    }

    private static Partial tick(long batch) {
        return new TickPartial(batch, batch);
    }

    private static Partial batch(Observation... events) {
        PartialBuilder builder = PartialBuilder.totals(1);
        for (Observation event : events) {
            builder.add(A, event);
        }
        return builder.build().values().stream().reduce(Partial::merge).orElseThrow();
    }
}
