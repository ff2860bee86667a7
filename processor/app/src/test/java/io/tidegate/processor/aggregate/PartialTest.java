package io.tidegate.processor.aggregate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.processor.aggregate.anomalies.AnomalyAggregation;
import io.tidegate.processor.aggregate.ledger.LedgerPartial;
import io.tidegate.processor.aggregate.sessions.MetricAggregate;
import io.tidegate.processor.aggregate.sessions.PartialSession;
import io.tidegate.processor.aggregate.sessions.ReadingsAggregate;
import io.tidegate.processor.aggregate.sessions.RequestsAggregate;
import io.tidegate.processor.aggregate.sessions.SessionAggregate;
import io.tidegate.processor.aggregate.sessions.SessionsPartial;
import io.tidegate.processor.aggregate.sessions.SessionsPartialBuilder;
import io.tidegate.processor.aggregate.totals.TotalsPartial;
import io.tidegate.processor.aggregate.totals.TotalsPartialBuilder;
import io.tidegate.processor.aggregate.windows.WindowPartialBuilder;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.key.StateGroups;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.persistent.PersistentMap;
import io.tidegate.processor.persistent.Serialized;
import io.tidegate.processor.query.FilterReason;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.sketch.Distribution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PartialTest {

    private static final int GROUPS = 2;

    private static final AnomalyAggregation ANOMALIES = new AnomalyAggregation(
            new Subject("q", List.of()),
            new QueryKind.Anomaly(1, 1, 1, 0, new QueryKind.Anomaly.Thresholds(1, 1, 1, 1), 1),
            1);

    private record Keyed(String key, InputEvent event) {}

    @Property(tries = 300)
    void partials_do_not_depend_on_the_order_of_events_or_how_they_are_cut(
            @ForAll("events") List<Keyed> events, @ForAll long seed, @ForAll("kinds") Supplier<PartialBuilder> kind) {
        Random random = new Random(seed);
        List<Keyed> shuffled = new ArrayList<>(events);
        Collections.shuffle(shuffled, random);
        List<List<Keyed>> pieces = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        shuffled.forEach(event -> pieces.get(random.nextInt(3)).add(event));

        Map<Integer, Partial> whole = build(kind, events);
        Map<Integer, Partial> a = build(kind, pieces.get(0));
        Map<Integer, Partial> b = build(kind, pieces.get(1));
        Map<Integer, Partial> c = build(kind, pieces.get(2));

        assertThat(merge(merge(a, b), c)).isEqualTo(whole);
        assertThat(merge(c, merge(b, a))).isEqualTo(whole);
    }

    @Property(tries = 100)
    void a_partial_arrives_as_it_was_sent(
            @ForAll("events") List<Keyed> events, @ForAll("kinds") Supplier<PartialBuilder> kind) {
        for (Partial partial : build(kind, events).values()) {
            Partial ticked = partial.merge(new TickPartial(1000, 900));

            assertThat(Serialized.again(ticked)).isEqualTo(ticked).isNotEqualTo(partial);
            assertThat(ticked.seenThroughMs()).isEqualTo(900);
        }
    }

    @Test
    void the_length_of_a_key_is_in_what_a_partial_takes() {
        for (Supplier<PartialBuilder> kind : List.<Supplier<PartialBuilder>>of(
                () -> new TotalsPartialBuilder(1),
                () -> new SessionsPartialBuilder(1, 1),
                () -> ANOMALIES.builder(1),
                () -> new WindowPartialBuilder(0, Distribution.Spec.NOTHING, 1))) {
            assertThat(sizeOf(kind.get(), "k".repeat(65_536)) - sizeOf(kind.get(), "k"))
                    .isEqualTo(65_535);
        }
    }

    private static long sizeOf(PartialBuilder builder, String key) {
        builder.add(key, new InputEvent(0, 0, 0, 0, "", 1.0));
        return builder.build().values().iterator().next().estimatedSize();
    }

    @Test
    void the_bytes_of_a_visit_never_turn_over() {
        PartialBuilder builder = new SessionsPartialBuilder(10, 1);
        for (long bytes : new long[] {Long.MAX_VALUE, 5, -7}) {
            builder.add("[]", new InputEvent(1, 1, 0, bytes & 3, "", null, new RequestFields(null, bytes, false)));
        }

        assertThat(only(builder).get(0).content()).isEqualTo(new RequestsAggregate(Long.MAX_VALUE, 0, null, null));
    }

    @Test
    void readings_and_requests_do_not_mix() {
        InputEvent reading = new InputEvent(1, 1, 0, 0, "m", 1.0);
        InputEvent request = new InputEvent(1, 1, 0, 1, "", null, new RequestFields("/", 1, false));

        assertThatThrownBy(() -> SessionAggregate.of(List.of(reading)).merge(SessionAggregate.of(List.of(request))))
                .hasMessageContaining("expected: ReadingsAggregate");
        assertThatThrownBy(() -> SessionAggregate.of(List.of(request, reading)))
                .hasMessageContaining("expected: a request");
    }

    @Property(tries = 50)
    void a_key_is_in_the_state_group_of_its_text(@ForAll("events") List<Keyed> events) {
        Map<Integer, Partial> partials = build(() -> new TotalsPartialBuilder(GROUPS), events);

        partials.forEach((group, partial) -> assertThat(
                        ((TotalsPartial) partial).keys().asMap().keySet())
                .isNotEmpty()
                .allMatch(key -> StateGroups.of(key, GROUPS) == group));
    }

    @Property
    void ticks_merge_to_the_least_seen_through_on_either_side(@ForAll long a, @ForAll long b, @ForAll long c) {
        TickPartial one = new TickPartial(5, a);
        TickPartial two = new TickPartial(5, b);
        TickPartial three = new TickPartial(5, c);
        Partial ledger = new LedgerPartial(LedgerCounts.NONE, Partial.NO_TICK);

        assertThat(one.merge(two).merge(three)).isEqualTo(three.merge(two.merge(one)));
        assertThat(one.merge(ledger)).isEqualTo(ledger.merge(one));
        assertThat(one.merge(two).merge(ledger).seenThroughMs()).isEqualTo(Math.min(a, b));
    }

    @Test
    void a_ledger_adds_up_per_key_group() {
        LedgerCounts.Builder one = new LedgerCounts.Builder();
        one.applied(3, 10);
        one.filtered(3, FilterReason.WHERE, 2);
        LedgerCounts.Builder other = new LedgerCounts.Builder();
        other.applied(3, 1);
        other.filtered(0, FilterReason.EXPRESSION_FAILED, 4);

        LedgerPartial some = new LedgerPartial(one.build(), Partial.NO_TICK);
        LedgerPartial others = new LedgerPartial(other.build(), Partial.NO_TICK);

        LedgerPartial both = some.merge(others);

        assertThat(both).isEqualTo(others.merge(some));
        assertThat(Serialized.again(both)).isEqualTo(both);
        assertThat(Serialized.again(both.counts())).isEqualTo(both.counts());
        assertThat(both.counts().groups())
                .isEqualTo(new TreeMap<>(
                        Map.of(0, new LedgerCounts.EventCounts(0, 0, 4), 3, new LedgerCounts.EventCounts(11, 0, 2))));
        assertThat(both.counts().reasons())
                .isEqualTo(new TreeMap<>(Map.of(FilterReason.WHERE, 2L, FilterReason.EXPRESSION_FAILED, 4L)));
        assertThat(new LedgerCounts.EventCounts(11, 0, 2).pulled()).isEqualTo(13);
    }

    @Test
    void what_does_not_belong_together_is_refused() {
        Partial totals = new TotalsPartial(PersistentMap.empty(), Partial.NO_TICK);
        Partial ledger = new LedgerPartial(LedgerCounts.NONE, Partial.NO_TICK);

        assertThatThrownBy(() -> ledger.merge(totals))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("merged with: TotalsPartial (expected: LedgerPartial or a tick)");
        assertThatThrownBy(() -> new TickPartial(1, 0).merge(new TickPartial(2, 0)))
                .hasMessage("tick of batch: 2 (expected: 1)");
    }

    @Test
    void events_within_the_gap_are_one_fragment_and_a_millisecond_more_cuts() {
        PartialBuilder builder = new SessionsPartialBuilder(10, 1);
        for (long time : new long[] {30, 0, 20, 10, 41}) {
            builder.add("[\"k\"]", new InputEvent(time, 500 + time, 1, time, "m", null));
        }

        List<PartialSession> fragments = only(builder);

        assertThat(fragments).extracting(PartialSession::startMs).containsExactly(0L, 41L);
        assertThat(fragments).extracting(PartialSession::endMs).containsExactly(30L, 41L);
        assertThat(fragments).extracting(PartialSession::events).containsExactly(4L, 1L);
        assertThat(fragments).extracting(PartialSession::lastReceivedMs).containsExactly(530L, 541L);
        assertThat(fragments.get(0).keyGroups()).isEqualTo(Map.of(1, 4L));
    }

    @Test
    void the_last_value_is_by_time_then_key_group_then_offset() {
        PartialBuilder builder = new SessionsPartialBuilder(10, 1);
        builder.add("[]", new InputEvent(7, 0, 2, 5, "m", 1.0));
        builder.add("[]", new InputEvent(7, 0, 2, 9, "m", 2.0));
        builder.add("[]", new InputEvent(7, 0, 1, 99, "m", 3.0));
        builder.add("[]", new InputEvent(8, 0, 1, 100, "m", null));

        MetricAggregate stats = requireNonNull(
                ((ReadingsAggregate) only(builder).get(0).content()).byName().get("m"));

        assertThat(requireNonNull(stats.last()).value()).isEqualTo(2.0);
        assertThat(stats.count()).isEqualTo(4);
        assertThat(stats.values().count()).isEqualTo(3);
    }

    @Test
    void a_value_that_is_no_number_is_no_value() {
        assertThat(new InputEvent(0, 0, 0, 0, "m", Double.NaN).value()).isNull();
        assertThat(new InputEvent(0, 0, 0, 0, "m", Double.NEGATIVE_INFINITY).value())
                .isNull();
    }

    @Test
    void the_key_of_spark_has_the_same_hash_everywhere() {
        assertThat(new QueryKey(2, 5).hashCode()).isEqualTo(67);
        assertThat(Serialized.again(new QueryKey(2, 5))).isEqualTo(new QueryKey(2, 5));
    }

    /** The fragments of the only key. */
    private static List<PartialSession> only(PartialBuilder builder) {
        SessionsPartial partial =
                (SessionsPartial) requireNonNull(builder.build().get(0));
        return partial.keys().asMap().values().iterator().next();
    }

    private static Map<Integer, Partial> build(Supplier<PartialBuilder> kind, List<Keyed> events) {
        PartialBuilder builder = kind.get();
        events.forEach(event -> builder.add(event.key, event.event));
        return builder.build();
    }

    private static Map<Integer, Partial> merge(Map<Integer, Partial> one, Map<Integer, Partial> other) {
        Map<Integer, Partial> both = new TreeMap<>(one);
        other.forEach((group, partial) -> both.merge(group, partial, Partial::merge));
        return both;
    }

    @Provide
    Arbitrary<Supplier<PartialBuilder>> kinds() {
        return Arbitraries.of(
                () -> new WindowPartialBuilder(1, new Distribution.Spec(true, true, true, true), GROUPS),
                () -> new TotalsPartialBuilder(GROUPS),
                () -> new SessionsPartialBuilder(20, GROUPS),
                () -> ANOMALIES.builder(GROUPS));
    }

    @Provide
    Arbitrary<List<Keyed>> events() {
        Arbitrary<String> keys = Arbitraries.of("[\"a\"]", "[\"b\"]", "[\"c\",1]");
        Arbitrary<InputEvent> events = Combinators.combine(
                        Arbitraries.longs().between(0, 400),
                        Arbitraries.longs().between(0, 1000),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.longs().between(0, 1_000_000),
                        Arbitraries.of("t", "h"),
                        Arbitraries.doubles().between(-50, 50).injectNull(0.2))
                .as(InputEvent::new);
        return Combinators.combine(keys, events).as(Keyed::new).list().ofMaxSize(40);
    }
}
