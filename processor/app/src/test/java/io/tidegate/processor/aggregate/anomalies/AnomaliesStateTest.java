package io.tidegate.processor.aggregate.anomalies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.SingleKeyAggregation;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.ledger.LedgerCounts.EventCounts;
import io.tidegate.processor.persistent.Serialized;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.AnomalyResult;
import io.tidegate.processor.result.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnomaliesStateTest {

    private static final String A = "[\"a\"]";
    private static final long DAY_MS = 86_400_000;

    /** A window of a minute in panes of 10 s, four values to learn from, anomalous from 3, normal below 1.5, twice in a row. */
    private static final AnomalyAggregation QUERY = query(1, 0, Integer.MAX_VALUE);

    private AnomaliesState state = AnomaliesState.EMPTY;
    private long batchMs;

    private static AnomalyAggregation query(int minLength, double minDeviation, int maxKeys) {
        QueryKind.Anomaly.Thresholds thresholds = new QueryKind.Anomaly.Thresholds(3, 1.5, minLength, 2);
        return new AnomalyAggregation(
                new Subject("odd", List.of("device")),
                new QueryKind.Anomaly(60_000, 10_000, 4, minDeviation, thresholds, maxKeys),
                maxKeys);
    }

    /** Of 10, 11, 12 and 13: a median of 11.5, deviations of 0.5, 0.5, 1.5 and 1.5 from it, whose median is 1. */
    private static final double[] LEARNED = {10, 12, 11, 13};

    private static final double DEVIATION = 1.4826;

    @Test
    void an_anomaly_is_one_answer_that_begins_and_ends() {
        learn();

        assertThat(told(batch(at(12, 30), at(14, 31), at(16, 12), at(18, 11))))
                .containsExactly("anomalous", "recovered");

        StateUpdate<AnomaliesState> again = advance(QUERY, at(19, -50));
        AnomalyResult began = (AnomalyResult) again.results().get(0);
        assertThat(began.id()).isEqualTo("odd/a/19000");
        assertThat(began.header().rev()).isEqualTo(1);
        assertThat(began.sinceMs()).isEqualTo(19_000);
        AnomalyResult.Score score = Objects.requireNonNull(began.score());
        assertThat(score.value()).isEqualTo(-50);
        assertThat(score.expected()).isEqualTo(11.5);
        assertThat(score.score()).isCloseTo(-61.5 / DEVIATION, within(1e-9));
        assertThat(score.low()).isCloseTo(11.5 - 3 * DEVIATION, within(1e-9));
        assertThat(score.high()).isCloseTo(11.5 + 3 * DEVIATION, within(1e-9));
    }

    @Test
    void the_end_says_when_it_was_over_and_how_bad_it_was() {
        learn();

        List<Result> results = batch(at(12, 30), at(14, 31), at(16, 12), at(18, 11));

        AnomalyResult over = (AnomalyResult) results.get(1);
        assertThat(over.id()).isEqualTo(results.get(0).id()).isEqualTo("odd/a/12000");
        assertThat(over.header().rev()).isEqualTo(2);
        assertThat(over.timeMs()).isEqualTo(18_000);
        AnomalyResult.End end = Objects.requireNonNull(over.end());
        assertThat(end.untilMs()).isEqualTo(16_000);
        assertThat(end.worst()).isCloseTo(19.5 / DEVIATION, within(1e-9));
    }

    @Test
    void a_key_says_that_it_learns_and_from_when_on_it_is_watched() {
        List<Result> first = batch(at(0, LEARNED[0]), at(2, LEARNED[1]), at(4, LEARNED[2]), at(6, LEARNED[3]));
        List<Result> second = batch(at(8, 99));
        List<Result> third = batch(at(10, 12));

        assertThat(told(first)).containsExactly("learning");
        assertThat(second).isEmpty(); // however odd
        assertThat(told(third)).containsExactly("normal");
        assertThat(third.get(0).id()).isEqualTo(first.get(0).id()).isEqualTo("odd/a/0");
        assertThat(third.get(0).header().rev()).isEqualTo(2);
    }

    @Test
    void a_value_between_the_thresholds_neither_begins_nor_ends_an_anomaly() {
        learn();

        assertThat(batch(at(12, 11.5 + 2 * DEVIATION))).isEmpty();
        assertThat(told(batch(at(13, 30)))).containsExactly("anomalous");
        assertThat(batch(at(14, 12), at(15, 11.5 + 2 * DEVIATION), at(16, 12))).isEmpty(); // not twice in a row
        assertThat(told(batch(at(17, 12)))).containsExactly("recovered");
    }

    @Test
    void values_from_before_an_anomaly_do_not_end_it() {
        learn();

        assertThat(told(batch(at(15, 30)))).containsExactly("anomalous");
        assertThat(batch(at(13, 12))).isEmpty();
        assertThat(batch(at(14, 11))).isEmpty();
        List<Result> over = batch(at(16, 12), at(17, 11));
        assertThat(told(over)).containsExactly("recovered");
        assertThat(Objects.requireNonNull(((AnomalyResult) over.get(0)).end()).untilMs())
                .isEqualTo(16_000);
    }

    @Test
    void with_a_minimum_length_a_single_spike_is_none_and_a_long_one_began_with_its_first_value() {
        AnomalyAggregation twice = query(2, 0, Integer.MAX_VALUE);
        learn(twice);

        assertThat(advance(twice, at(12, 30), at(13, 11), at(14, 40)).results()).isEmpty();
        List<Result> results = advance(twice, at(15, 41)).results();

        assertThat(told(results)).containsExactly("anomalous");
        assertThat(((AnomalyResult) results.get(0)).sinceMs()).isEqualTo(14_000);
    }

    @Test
    void whatever_deviates_from_a_constant_signal_is_anomalous_and_a_least_deviation_forgives_it() {
        assertThat(told(batch(at(0, 5), at(1, 5), at(2, 5), at(3, 5), at(10, 5), at(11, 5.1))))
                .containsExactly("learning", "normal", "anomalous");

        state = AnomaliesState.EMPTY;
        AnomalyAggregation forgiving = query(1, 0.1, Integer.MAX_VALUE);
        assertThat(told(advance(forgiving, at(0, 5), at(1, 5), at(2, 5), at(3, 5), at(10, 5), at(11, 5.1))
                        .results()))
                .containsExactly("learning", "normal");
    }

    @Test
    void a_score_is_a_number_even_where_all_was_zero_or_as_great_as_numbers_are() {
        List<Result> zero = batch(at(0, 0), at(1, 0), at(2, 0), at(3, 0), at(10, 1e-9));
        assertThat(Objects.requireNonNull(((AnomalyResult) zero.get(1)).score()).score())
                .isEqualTo(1000);

        state = AnomaliesState.EMPTY;
        List<Result> great = batch(
                at(0, Double.MAX_VALUE),
                at(1, -Double.MAX_VALUE),
                at(2, Double.MAX_VALUE),
                at(3, -Double.MAX_VALUE),
                at(10, Double.MAX_VALUE));
        assertThat(Objects.requireNonNull(((AnomalyResult) great.get(1)).score())
                        .score())
                .isEqualTo(0); // nothing can be said
    }

    @Test
    void after_a_window_without_values_the_key_learns_anew() {
        learn();

        assertThat(batch(at(70, 12))).isEmpty(); // a window after the last
        assertThat(told(batch(at(131, 500)))).containsExactly("learning");
        assertThat(told(batch(at(132, 500), at(133, 501), at(134, 499), at(141, 500))))
                .containsExactly("normal");
    }

    @Test
    void a_device_that_restarts_within_the_window_is_compared_with_what_it_was() {
        learn();

        assertThat(told(batch(at(40, 0), at(41, 12), at(42, 11)))).containsExactly("anomalous", "recovered");
    }

    @Test
    void a_new_level_is_normal_once_it_is_most_of_the_window() {
        learn();
        List<InputEvent> level = new ArrayList<>();
        for (int second = 12; second < 90; second++) {
            level.add(at(second, 100 + second % 4));
        }

        assertThat(told(batch(level.toArray(InputEvent[]::new)))).containsExactly("anomalous", "recovered");
    }

    @Test
    void what_is_older_than_the_window_is_late_and_what_has_no_value_is_applied() {
        learn();
        batch(at(75, 12));

        assertThat(batch(at(9, 1000), at(76, null))).isEmpty();

        assertThat(state.ledger().groups()).isEqualTo(Map.of(0, new EventCounts(7, 1, 0)));
    }

    @Test
    void an_anomalous_key_that_is_dropped_or_forgotten_is_told_to_learn_and_counted() {
        AnomalyAggregation one = query(1, 0, 1);
        learn(one);
        advance(one, at(12, 90));

        StateUpdate<AnomaliesState> dropped =
                update(one, partial("[\"b\"]", new InputEvent(20_000, 20_000, 0, 99, "", 1.0)));
        assertThat(told(dropped.results())).containsExactly("learning", "learning");
        assertThat(dropped.results().get(1).topic()).isEqualTo("tidegate/anomalies/odd/a");
        assertThat(dropped.state().stateSize().keys()).isEqualTo(1);
        assertThat(dropped.state().stateSize().dropped()).isEqualTo(1);

        StateUpdate<AnomaliesState> forgotten = update(one, new TickPartial(batchMs + 1000, 20_000 + DAY_MS + 1));
        assertThat(forgotten.results()).isEmpty(); // it was not anomalous
        assertThat(forgotten.state().stateSize().keys()).isZero();
        assertThat(forgotten.state().stateSize().forgotten()).isEqualTo(1);
    }

    @Test
    void a_pane_keeps_64_values_evenly_whatever_a_key_sends() {
        List<InputEvent> many = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            many.add(new InputEvent(i, i, 0, i, "", (double) i));
        }
        batch(many.toArray(InputEvent[]::new));
        long bytes = state.stateSize().bytes();

        Result normal = batch(at(10, 2_500)).get(0);

        // Every 128th value: 0, 128, ... 4,992, whose median is 2,496.
        assertThat(Objects.requireNonNull(((AnomalyResult) normal).score()).expected())
                .isEqualTo(2_496);
        assertThat(bytes).isLessThan(64 * 8 + 1_000);
    }

    @Test
    void what_counts_for_the_warm_up_is_how_many_values_came_not_how_many_are_kept() {
        AnomalyAggregation slow = new AnomalyAggregation(
                QUERY.subject(),
                new QueryKind.Anomaly(10_000, 10_000, 100, 0, QUERY.kind().thresholds(), 10),
                10);
        List<InputEvent> many = new ArrayList<>();
        for (int i = 0; i < 99; i++) {
            many.add(new InputEvent(i, i, 0, i, "", (double) (i % 4)));
        }

        assertThat(told(advance(slow, many.toArray(InputEvent[]::new)).results()))
                .containsExactly("learning");
        assertThat(advance(slow, at(10, 1)).results()).isEmpty();
        assertThat(advance(slow, at(11, 1)).results()).isEmpty(); // the slide has 99 values before it
        state = AnomaliesState.EMPTY;
        many.add(at(1, 1));
        advance(slow, many.toArray(InputEvent[]::new));
        assertThat(told(advance(slow, at(10, 1)).results())).containsExactly("normal");
    }

    @Property(tries = 200)
    void neither_batches_nor_restarts_nor_repeats_show_in_the_answers(
            @ForAll Random random, @ForAll @IntRange(min = 1, max = 120) int events) {
        state = AnomaliesState.EMPTY;
        List<InputEvent> all = new ArrayList<>();
        long time = 0;
        for (int i = 0; i < events; i++) {
            time += random.nextInt(10) == 0 ? random.nextInt(90_000) : random.nextInt(3_000);
            double value = 10 + random.nextGaussian() + (random.nextInt(15) == 0 ? 40 : 0);
            all.add(new InputEvent(time, time, 0, i, "", value));
        }
        List<String> whole = summaries(batch(all.toArray(InputEvent[]::new)));
        AnomaliesState wholeState = state;

        state = AnomaliesState.EMPTY;
        List<String> cut = new ArrayList<>();
        for (int from = 0, to; from < events; from = to) {
            to = Math.min(events, from + 1 + random.nextInt(20));
            InputEvent[] some = all.subList(from, to).toArray(InputEvent[]::new);
            AnomaliesState before = state;
            StateUpdate<AnomaliesState> once = advance(QUERY, some);
            state = Serialized.again(before);
            batchMs -= 1000;
            StateUpdate<AnomaliesState> again = advance(QUERY, some);
            assertThat(again).isEqualTo(once);
            assertThat(again.state().stateSize()).isEqualTo(once.state().stateSize());
            cut.addAll(summaries(once.results()));
        }

        assertThat(cut).isEqualTo(whole);
        assertThat(state).isEqualTo(wholeState);
    }

    @Property(tries = 100)
    void a_key_by_itself_says_the_same_and_is_forgotten_when_all_keys_forget_it(@ForAll Random random) {
        state = AnomaliesState.EMPTY;
        SingleKeyAggregation alone = new SingleKeyAnomalies(QUERY);
        byte[] kept = null;
        long time = 0;
        for (int batch = 1; batch <= 60; batch++) {
            time += random.nextInt(20) == 0 ? random.nextInt(100_000_000) : random.nextInt(5_000);
            List<InputEvent> events = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                double value = 10 + random.nextGaussian() + (random.nextInt(15) == 0 ? 40 : 0);
                events.add(new InputEvent(time - random.nextInt(2_000), time, 0, batch * 10L + i, "", value));
            }
            Partial input = new TickPartial(batch, time);
            StateUpdate<AnomaliesState> expected = update(
                    QUERY,
                    events.isEmpty()
                            ? input
                            : partial(A, events.toArray(InputEvent[]::new)).merge(input));

            SingleKeyAggregation.Update update =
                    alone.advance(A, kept, new SingleKeyAggregation.Batch(events, batchMs, time, false));
            kept = update.state();

            assertThat(update.results()).isEqualTo(expected.results());
            assertThat(update.applied() + update.late()).isEqualTo(events.size());
            assertThat(kept == null).as("forgotten").isEqualTo(state.stateSize().keys() == 0);
        }
    }

    @Test
    void while_there_are_too_many_keys_one_by_itself_is_forgotten_after_a_window() {
        SingleKeyAggregation alone = new SingleKeyAnomalies(QUERY);
        byte[] kept = alone.advance(A, null, new SingleKeyAggregation.Batch(List.of(at(0, 1)), 1000, 0, true))
                .state();

        SingleKeyAggregation.Update still =
                alone.advance(A, kept, new SingleKeyAggregation.Batch(List.of(), 2000, 60_000, true));
        SingleKeyAggregation.Update gone =
                alone.advance(A, kept, new SingleKeyAggregation.Batch(List.of(), 2000, 60_001, true));

        assertThat(still.state()).isNotNull();
        assertThat(still.tickMs()).isEqualTo(60_000);
        assertThat(gone.state()).isNull();
    }

    private void learn() {
        learn(QUERY);
    }

    private void learn(AnomalyAggregation query) {
        advance(query, at(0, LEARNED[0]), at(2, LEARNED[1]), at(4, LEARNED[2]), at(6, LEARNED[3]));
        assertThat(told(advance(query, at(10, 12)).results())).containsExactly("normal");
    }

    private List<Result> batch(InputEvent... events) {
        return advance(QUERY, events).results();
    }

    private StateUpdate<AnomaliesState> advance(AnomalyAggregation query, InputEvent... events) {
        return update(query, partial(A, events));
    }

    private StateUpdate<AnomaliesState> update(AnomalyAggregation query, Partial input) {
        batchMs += 1000;
        StateUpdate<AnomaliesState> update = query.advance(state, input, batchMs);
        state = update.state();
        return update;
    }

    private static Partial partial(String key, InputEvent... events) {
        PartialBuilder builder = QUERY.builder(1);
        for (InputEvent event : events) {
            builder.add(key, event);
        }
        return builder.build().values().iterator().next();
    }

    /** At a second, received in time. */
    private static InputEvent at(long second, @Nullable Double value) {
        return new InputEvent(second * 1000, second * 1000, 0, second, "", value);
    }

    private static InputEvent at(long second, double value) {
        return at(second, (Double) value);
    }

    private static List<String> told(List<Result> results) {
        return results.stream()
                .map(result -> ((AnomalyResult) result).state().name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** All but the batch. */
    private static List<String> summaries(List<Result> results) {
        return results.stream()
                .map(AnomalyResult.class::cast)
                .map(r -> r.id() + r.header().rev() + r.state() + r.timeMs() + r.score() + r.end())
                .toList();
    }
}
