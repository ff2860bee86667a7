package io.tidegate.processor.aggregate.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.tidegate.processor.aggregate.Aggregation;
import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.aggregate.top.TopAggregation;
import io.tidegate.processor.aggregate.windows.WindowValue.Content;
import io.tidegate.processor.persistent.Serialized;
import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.DistributionFigures;
import io.tidegate.processor.result.SummaryFigures;
import io.tidegate.processor.sketch.Distribution.Spec;
import io.tidegate.processor.sketch.ExactSum;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** D7 of the fault catalogue among others: what goes through the inverse against what is added up anew. */
class WindowValueTest {

    private static final int QUERIES = 2;
    private static final Subject SUBJECT = new Subject("q", List.of("k"));

    /** An event of a batch: query, key and value, as plain as it can be. */
    private record Event(int query, String key, @Nullable Double value) {}

    @Property(tries = 500)
    void every_slide_is_what_adding_up_its_panes_gives(
            @ForAll("batches") List<List<Event>> batches,
            @ForAll @IntRange(min = 1, max = 6) int window,
            @ForAll @IntRange(min = 1, max = 4) int slide,
            @ForAll long seed) {
        Random random = new Random(seed);
        WindowValue value = null;
        Set<String> before = new HashSet<>();
        for (int end = slide; end <= batches.size(); end += slide) {
            value = slide(value, batches, end, new int[] {window, slide}, random);
            Map<String, List<Event>> naive = naive(batches.subList(Math.max(0, end - window), end));

            Map<String, Content> contents = contents(value);

            Set<String> expected = new TreeSet<>(naive.keySet());
            expected.addAll(before);
            assertThat(contents.keySet()).isEqualTo(expected);
            contents.forEach((key, content) -> check(content, naive.getOrDefault(key, List.of())));
            assertThat(Serialized.again(value)).isEqualTo(value);
            before = naive.keySet();
            value = value.isEmpty() ? null : value;
        }
    }

    @Test
    void for_rising_values_a_window_keeps_an_entry_for_each_pane_only_when_extremes_are_asked_for() {
        WindowValue asked = rising(window(AggregateFunction.COUNT, AggregateFunction.MAX, AggregateFunction.MIN));
        WindowValue notAsked = rising(window(AggregateFunction.COUNT, AggregateFunction.SUM));
        WindowValue top = rising(new TopAggregation(SUBJECT, 0, 3, 60));

        assertThat(asked.extremes()).isEqualTo(60 + 1);
        assertThat(notAsked.extremes()).isZero();
        assertThat(top.extremes()).isZero();
        assertThat(Objects.requireNonNull(contents(notAsked).get("0k")).values().sum())
                .isEqualTo(ExactSum.of(1770));
    }

    @Test
    void the_length_of_keys_is_in_what_a_window_takes() {
        Map<Integer, WindowValue> windows = new TreeMap<>();
        for (int length : new int[] {1, 65_536}) {
            PartialBuilder builder = window(AggregateFunction.COUNT).builder(1);
            builder.add("k".repeat(length), new InputEvent(0, 0, 0, 0, "", 1.0));
            Partial batch = builder.build().values().iterator().next();
            windows.put(length, WindowValue.pane(1, batch));
        }

        WindowValue shorter = Objects.requireNonNull(windows.get(1));
        WindowValue longer = Objects.requireNonNull(windows.get(65_536));
        assertThat(longer.stateSize(0).bytes() - shorter.stateSize(0).bytes()).isEqualTo(65_535);
        assertThat(longer.estimatedSize() - shorter.estimatedSize()).isEqualTo(65_535);
    }

    private static Aggregation window(AggregateFunction... compute) {
        return new WindowAggregation(SUBJECT, 0, Set.of(compute), 60);
    }

    /** A key with one value in each of 60 panes, from 0 to 59. */
    private static WindowValue rising(Aggregation query) {
        WindowValue window = WindowValue.pane(0, new TickPartial(0, 0));
        for (int i = 0; i < 60; i++) {
            PartialBuilder builder = query.builder(1);
            builder.add("k", new InputEvent(0, 0, 0, 0, "", (double) i));
            for (Partial batch : builder.build().values()) {
                window = WindowValue.merge(window, WindowValue.pane(i + 1, batch));
            }
        }
        return window;
    }

    /** What Spark's ReducedWindowedDStream does at one slide, the panes in any order. */
    private static WindowValue slide(
            @Nullable WindowValue previous, List<List<Event>> batches, int end, int[] windowAndSlide, Random random) {
        int window = windowAndSlide[0];
        int slide = windowAndSlide[1];
        WindowValue entering = reduce(panes(batches, Math.max(end - slide, end - window), end), random);
        if (previous == null) {
            return entering;
        }
        int leavingFrom = Math.max(0, end - slide - window);
        int leavingUntil = Math.max(0, Math.min(end - window, end - slide));
        WindowValue rest = previous;
        if (leavingFrom < leavingUntil) {
            rest = WindowValue.inverse(previous, reduce(panes(batches, leavingFrom, leavingUntil), random));
        }
        return WindowValue.merge(rest, entering);
    }

    private static List<WindowValue> panes(List<List<Event>> batches, int from, int until) {
        List<WindowValue> panes = new ArrayList<>();
        for (int i = from; i < until; i++) {
            panes.add(WindowValue.pane(i + 1, partial(batches.get(i), i + 1)));
        }
        return panes;
    }

    private static WindowValue reduce(List<WindowValue> panes, Random random) {
        Collections.shuffle(panes, random);
        return panes.stream().reduce(WindowValue::merge).orElseThrow();
    }

    private static Partial partial(List<Event> events, long batch) {
        Partial partial = new TickPartial(batch, batch);
        for (int query = 0; query < QUERIES; query++) {
            PartialBuilder builder = new WindowPartialBuilder(query, new Spec(true, true, true, true), 1);
            for (Event event : events) {
                if (event.query == query) {
                    builder.add(event.key, new InputEvent(0, 0, 0, 0, "", event.value));
                }
            }
            for (Partial part : builder.build().values()) {
                partial = partial.merge(part);
            }
        }
        return partial;
    }

    private static Map<String, List<Event>> naive(List<List<Event>> batches) {
        Map<String, List<Event>> byKey = new TreeMap<>();
        for (List<Event> batch : batches) {
            for (Event event : batch) {
                byKey.computeIfAbsent(event.query + event.key, key -> new ArrayList<>())
                        .add(event);
            }
        }
        return byKey;
    }

    private static Map<String, Content> contents(WindowValue value) {
        Map<String, Content> contents = new TreeMap<>();
        for (int query = 0; query < QUERIES; query++) {
            int index = query;
            value.forEach(query, (key, content) -> contents.put(index + key, content));
        }
        return contents;
    }

    private static void check(Content content, List<Event> events) {
        List<Double> values = new ArrayList<>();
        for (Event event : events) {
            if (event.value != null) {
                values.add(event.value);
            }
        }
        SummaryFigures figures = SummaryFigures.of(content.values());
        DistributionFigures shape = DistributionFigures.of(
                content.values(), content.distribution(), EnumSet.allOf(AggregateFunction.class));
        assertThat(content.count()).isEqualTo(events.size());
        if (values.isEmpty()) {
            assertThat(figures).isEqualTo(new SummaryFigures(null, null, null, null));
            assertThat(shape).isEqualTo(DistributionFigures.NONE);
            return;
        }
        // Multiples of a quarter: their sums are exact in doubles too.
        double sum = values.stream().mapToDouble(Double::doubleValue).sum();
        assertThat(figures)
                .isEqualTo(
                        new SummaryFigures(sum, sum / values.size(), Collections.min(values), Collections.max(values)));
        checkShape(shape, values);
    }

    private static void checkShape(DistributionFigures shape, List<Double> values) {
        values.sort(null);
        double mean = values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        if (values.size() == 1) {
            assertThat(shape.stddev()).isNull();
        } else {
            assertThat(shape.stddev()).isCloseTo(Math.sqrt(squares / (values.size() - 1)), within(1e-12));
        }
        assertThat(shape.distinct()).isEqualTo(new HashSet<>(values).size());
        assertThat(shape.exact()).isTrue();
        assertThat(shape.p50()).isCloseTo(ranked(values, 0.50), withinPercentage(1));
        assertThat(shape.p95()).isCloseTo(ranked(values, 0.95), withinPercentage(1));
        assertThat(shape.p99()).isCloseTo(ranked(values, 0.99), withinPercentage(1));
    }

    private static double ranked(List<Double> ascending, double part) {
        return ascending.get((int) Math.ceil(part * ascending.size()) - 1);
    }

    @Property(tries = 200)
    void merging_is_associative_and_commutative(@ForAll("batches") List<List<Event>> batches, @ForAll long seed) {
        Random random = new Random(seed);
        List<WindowValue> panes = panes(batches, 0, batches.size());
        WindowValue inOrder = panes.stream().reduce(WindowValue::merge).orElseThrow();
        int cut = random.nextInt(panes.size() + 1);
        Collections.shuffle(panes, random);

        assertThat(reduce(panes, random)).isEqualTo(inOrder);
        if (cut > 0 && cut < panes.size()) {
            WindowValue left = reduce(new ArrayList<>(panes.subList(0, cut)), random);
            WindowValue right = reduce(new ArrayList<>(panes.subList(cut, panes.size())), random);
            assertThat(WindowValue.merge(left, right)).isEqualTo(inOrder);
            assertThat(WindowValue.merge(right, left)).isEqualTo(inOrder);
        }
    }

    @Test
    void ten_thousand_keys_that_fall_silent_are_published_empty_once_and_leave_nothing() {
        List<Event> crowd = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            crowd.add(new Event(0, "[" + i + "]", (double) i));
        }
        WindowValue full = WindowValue.pane(1, partial(crowd, 1));
        WindowValue silence = WindowValue.pane(2, new TickPartial(2, 2));

        WindowValue emptied = WindowValue.merge(WindowValue.inverse(full, full), silence);
        WindowValue gone =
                WindowValue.merge(WindowValue.inverse(emptied, silence), WindowValue.pane(3, new TickPartial(3, 3)));

        assertThat(contents(emptied).values()).hasSize(10_000).allMatch(content -> content.count() == 0);
        assertThat(emptied.isEmpty()).isFalse();
        assertThat(gone.isEmpty()).isTrue();
        assertThat(gone.size()).isZero();
    }

    @Property(tries = 5)
    void ten_thousand_keys_with_pauses_are_counted_right_at_every_slide_and_are_gone_after_silence(
            @ForAll @IntRange(min = 1, max = 5) int window, @ForAll long seed) {
        Random random = new Random(seed);
        List<List<Event>> batches = new ArrayList<>();
        for (int batch = 0; batch < 8; batch++) {
            List<Event> events = new ArrayList<>();
            for (int key = 0; key < (random.nextInt(3) == 0 ? 0 : 10_000); key++) {
                if (random.nextInt(4) > 0) {
                    events.add(new Event(0, "[" + key + "]", null));
                }
            }
            batches.add(events);
        }
        batches.addAll(Collections.nCopies(window + 1, List.of()));

        WindowValue value = null;
        for (int end = 1; end <= batches.size(); end++) {
            value = slide(value, batches, end, new int[] {window, 1}, random);
            Map<String, Long> counts = new TreeMap<>();
            value.forEachCount(0, (key, count) -> counts.put("0" + key, count));
            Map<String, Long> naive = new TreeMap<>();
            naive(batches.subList(Math.max(0, end - window), end))
                    .forEach((key, events) -> naive.put(key, (long) events.size()));

            assertThat(counts).isEqualTo(naive);
            value = value.isEmpty() && end < batches.size() ? null : value;
        }
        assertThat(Objects.requireNonNull(value).size()).isZero();
    }

    @Test
    void what_never_entered_can_not_leave() {
        WindowValue one = WindowValue.pane(1, partial(List.of(new Event(0, "[1]", 1.0)), 1));
        WindowValue other = WindowValue.pane(1, partial(List.of(new Event(0, "[2]", 1.0)), 1));

        assertThatThrownBy(() -> WindowValue.inverse(one, other))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("leaves the window");
    }

    /** Nothing is added up twice and nothing is rounded on the way: the last slide is as right as the first. */
    @Test
    void after_a_million_slides_every_figure_is_what_a_fresh_computation_gives() {
        int window = 60;
        Random random = new Random(7);
        Deque<List<Event>> inside = new ArrayDeque<>();
        WindowValue value = WindowValue.pane(0, new TickPartial(0, 0));
        for (int end = 1; end <= 1_000_000; end++) {
            List<Event> batch = List.of(new Event(0, "[1]", 1e6 + random.nextGaussian() / 3));
            inside.addLast(batch);
            if (inside.size() > window) {
                int left = end - window;
                value = WindowValue.inverse(value, WindowValue.pane(left, partial(inside.removeFirst(), left)));
            }
            value = WindowValue.merge(value, WindowValue.pane(end, partial(batch, end)));
        }

        List<Double> values =
                inside.stream().flatMap(List::stream).map(Event::value).toList();
        BigDecimal sum = values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal mean = sum.divide(BigDecimal.valueOf(window), new MathContext(60));
        BigDecimal squares = values.stream()
                .map(each -> new BigDecimal(each).subtract(mean).pow(2))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        Content content = Objects.requireNonNull(contents(value).get("0[1]"));
        DistributionFigures shape = DistributionFigures.of(
                content.values(), content.distribution(), EnumSet.allOf(AggregateFunction.class));
        assertThat(content.values().mean()).isEqualTo(mean.doubleValue());
        double deviation = Math.sqrt(squares.doubleValue() / (window - 1));
        assertThat(shape.stddev()).isCloseTo(deviation, withinPercentage(1e-13));
        assertThat(shape.distinct()).isEqualTo(new HashSet<>(values).size());
        assertThat(content.values().max()).isEqualTo(Collections.max(values));
    }

    @Test
    void both_operands_stay_as_they_were() {
        WindowValue one = WindowValue.pane(1, partial(List.of(new Event(0, "[1]", 1.0)), 1));
        WindowValue two = WindowValue.pane(2, partial(List.of(new Event(0, "[1]", 2.0)), 2));
        WindowValue copy = Serialized.again(one);

        WindowValue both = WindowValue.merge(one, two);
        WindowValue rest = WindowValue.inverse(both, one);

        assertThat(one).isEqualTo(copy);
        assertThat(rest).isEqualTo(two);
        assertThat(both).isEqualTo(WindowValue.merge(two, one));
    }

    @Provide
    Arbitrary<List<List<Event>>> batches() {
        Arbitrary<Event> events = Combinators.combine(
                        Arbitraries.integers().between(0, QUERIES - 1),
                        Arbitraries.of("[\"a\"]", "[\"b\"]"),
                        Arbitraries.integers()
                                .between(-40, 40)
                                .map(i -> i / 4.0)
                                .injectNull(0.2))
                .as(Event::new);
        return events.list().ofMaxSize(3).list().ofMinSize(1).ofMaxSize(14);
    }
}
