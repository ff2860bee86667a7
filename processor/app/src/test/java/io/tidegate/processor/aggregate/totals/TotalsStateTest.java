package io.tidegate.processor.aggregate.totals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.aggregate.ledger.LedgerPartial;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.persistent.Serialized;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.TotalResult;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TotalsStateTest {

    private static final String A = "[\"a\"]";
    private static final Subject SUBJECT = new Subject("totals", List.of("device"));
    private static final TotalsAggregation EVERY_BATCH = new TotalsAggregation(SUBJECT, 1000);
    private static final TotalsAggregation EVERY_THIRD = new TotalsAggregation(SUBJECT, 3000);

    @Test
    void totals_add_up_over_batches_and_revisions_count() {
        StateUpdate<TotalsState> first =
                TotalsState.EMPTY.advance(batch(event(50, 1.0), event(40, 2.0)), 1000, EVERY_BATCH);
        StateUpdate<TotalsState> second =
                first.state().advance(batch(event(60, 0.5), event(45, null)), 2000, EVERY_BATCH);

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
        StateUpdate<TotalsState> first = TotalsState.EMPTY.advance(batch(event(50, 1.0)), 1000, EVERY_BATCH);

        StateUpdate<TotalsState> second = first.state().advance(tick(2000), 2000, EVERY_BATCH);

        assertThat(first.results()).hasSize(1);
        assertThat(second.results()).isEmpty();
        assertThat(second.state()).isEqualTo(first.state());
    }

    @Test
    void a_key_is_published_at_most_once_per_emit_every_and_catches_up_without_events() {
        StateUpdate<TotalsState> first = TotalsState.EMPTY.advance(batch(event(1, 1.0)), 1000, EVERY_THIRD);
        StateUpdate<TotalsState> second = first.state().advance(batch(event(2, 1.0)), 2000, EVERY_THIRD);
        StateUpdate<TotalsState> third = second.state().advance(batch(event(3, 1.0)), 3000, EVERY_THIRD);
        StateUpdate<TotalsState> fourth = Serialized.again(third.state()).advance(tick(4000), 4000, EVERY_THIRD);
        StateUpdate<TotalsState> fifth = fourth.state().advance(tick(5000), 5000, EVERY_THIRD);

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

        StateUpdate<TotalsState> once = state.advance(batch(event(2, 4.0)), 2000, EVERY_BATCH);
        StateUpdate<TotalsState> again = state.advance(batch(event(2, 4.0)), 2000, EVERY_BATCH);

        assertThat(again).isEqualTo(once);
        assertThat(Serialized.again(once.state())).isEqualTo(once.state()).isNotEqualTo(state);
    }

    @Test
    void of_more_keys_than_there_may_be_the_oldest_goes_with_a_last_message_and_is_counted() {
        TotalsAggregation two = new TotalsAggregation(SUBJECT, 5000, 2, TotalsAggregation.NEVER);
        TotalsState state = TotalsState.EMPTY;
        state = state.advance(of("a").merge(tick(1000)), 1000, two).state();
        state = state.advance(of("b").merge(tick(2000)), 2000, two).state();
        state = state.advance(of("a").merge(tick(3000)), 3000, two).state();
        state = state.advance(of("b").merge(tick(4000)), 4000, two).state();

        StateUpdate<TotalsState> full = state.advance(of("c").merge(tick(5000)), 5000, two);

        assertThat(full.results())
                .extracting(result -> result.header().key(), result -> ((TotalResult) result).count())
                .containsExactly(tuple("c", 1L), tuple("a", 2L));
        assertThat(full.state().size()).isEqualTo(2);
        assertThat(full.state().stateSize().dropped()).isEqualTo(1);
        assertThat(full.state().stateSize().droppedMs()).isEqualTo(5000);
        assertThat(Serialized.again(full.state())).isEqualTo(full.state());
    }

    @Test
    void a_key_that_has_not_changed_for_long_enough_is_forgotten_and_begins_anew_when_it_comes_back() {
        TotalsAggregation hour = new TotalsAggregation(SUBJECT, 0, 10, 3_600_000);
        TotalsState state =
                TotalsState.EMPTY.advance(of("a").merge(tick(1000)), 1000, hour).state();

        TotalsState kept = state.advance(tick(3_601_000), 3_601_000, hour).state();
        TotalsState forgotten = kept.advance(tick(3_602_000), 3_602_000, hour).state();
        StateUpdate<TotalsState> back = forgotten.advance(of("a").merge(tick(3_603_000)), 3_603_000, hour);

        assertThat(kept.size()).isEqualTo(1);
        assertThat(forgotten.size()).isZero();
        assertThat(forgotten.stateSize().forgotten()).isEqualTo(1);
        assertThat(only(back).count()).isEqualTo(1);
    }

    @Test
    void the_length_of_keys_is_in_what_the_state_takes_until_they_go() {
        TotalsAggregation two = new TotalsAggregation(SUBJECT, 0, 2, TotalsAggregation.NEVER);
        String latin = "a".repeat(65_536);
        String other = "\u0444".repeat(1000);
        TotalsState both = TotalsState.EMPTY
                .advance(of(latin).merge(of(other)).merge(tick(1000)), 1000, two)
                .state()
                .advance(of(other).merge(tick(2000)), 2000, two)
                .state();
        TotalsState left = both.advance(of("b").merge(tick(3000)), 3000, two).state();

        assertThat(both.stateSize().bytes()).isEqualTo(64 + 2 * 400 + 2 * (65_536 + 2 * 1000));
        assertThat(Serialized.again(both).stateSize()).isEqualTo(both.stateSize());
        assertThat(left.stateSize().bytes()).isEqualTo(64 + 2 * 400 + 2 * (2 * 1000 + 1));
    }

    private static Partial of(String key) {
        PartialBuilder builder = new TotalsPartialBuilder(1);
        builder.add(key, event(1, 1.0));
        return builder.build().values().stream().reduce(Partial::merge).orElseThrow();
    }

    @Test
    void the_input_of_another_kind_is_refused() {
        Partial ledger = new LedgerPartial(LedgerCounts.NONE, Partial.NO_TICK);

        assertThatThrownBy(() -> TotalsState.EMPTY.advance(ledger, 1000, EVERY_BATCH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("input: LedgerPartial (expected: TotalsPartial or TickPartial)");
    }

    private static TotalResult only(StateUpdate<TotalsState> update) {
        List<Result> results = update.results();
        assertThat(results).hasSize(1);
        return (TotalResult) results.get(0);
    }

    private static InputEvent event(long time, @Nullable Double value) {
        return new InputEvent(time, time, 0, time, "m", value);
    }

    private static Partial tick(long batch) {
        return new TickPartial(batch, batch);
    }

    private static Partial batch(InputEvent... events) {
        PartialBuilder builder = new TotalsPartialBuilder(1);
        for (InputEvent event : events) {
            builder.add(A, event);
        }
        return builder.build().values().stream().reduce(Partial::merge).orElseThrow();
    }
}
