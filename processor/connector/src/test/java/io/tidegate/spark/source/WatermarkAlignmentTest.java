package io.tidegate.spark.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.spark.client.GatewayUnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Limited batches end at about the same time of receipt in every key group, of every gateway. */
class WatermarkAlignmentTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long HOUR = 3_600_000;
    private static final long SLACK = 250;

    /** Key groups with nothing, a few events, or many; all over an hour, or within a moment of it. */
    @Provide
    Arbitrary<List<List<Long>>> log() {
        Arbitrary<List<Long>> keyGroup = Arbitraries.longs()
                .between(0, HOUR - 1)
                .flatMap(begin -> Arbitraries.longs()
                        .between(1, HOUR - begin)
                        .flatMap(length -> Arbitraries.longs()
                                .between(begin, begin + length - 1)
                                .list()
                                .ofMaxSize(300)
                                .map(times -> times.stream()
                                        .sorted()
                                        .map(time -> NOW - HOUR + time)
                                        .toList())));
        return keyGroup.list().ofSize(3);
    }

    @Property(tries = 300)
    void no_batch_has_events_that_are_later_than_what_it_leaves_behind(
            @ForAll("log") List<List<Long>> a,
            @ForAll("log") List<List<Long>> b,
            @ForAll @IntRange(min = 1, max = 400) int most) {
        Map<String, List<List<Long>>> logs = Map.of("a", a, "b", b);
        Map<String, List<Long>> ends = new HashMap<>();
        logs.forEach((gateway, log) ->
                ends.put(gateway, log.stream().map(times -> (long) times.size()).toList()));
        WatermarkAlignment alignment = new WatermarkAlignment();
        LogOffset start = LogOffset.of(Map.of("a", List.of(0L, 0L, 0L), "b", List.of(0L, 0L, 0L)));
        long left = count(start, LogOffset.of(ends));
        while (left > 0) {
            LogOffset end = alignment.end(start, ends, Map.of(), most, ms -> received(logs, ms), NOW);

            assertThat(count(start, end)).isBetween(1L, Math.min(left, most));
            assertThat(newest(logs, start, end)).isLessThanOrEqualTo(oldestBehind(logs, end) + SLACK);
            left -= count(start, end);
            start = end;
        }
        assertThat(start).isEqualTo(LogOffset.of(ends));
    }

    @Example
    void where_events_come_evenly_a_batch_costs_a_question_or_two() {
        List<List<Long>> log = List.of(
                LongStream.range(0, 36_000)
                        .map(i -> NOW - HOUR + i * 100)
                        .boxed()
                        .toList(),
                LongStream.range(0, 360)
                        .map(i -> NOW - HOUR + i * 10_000)
                        .boxed()
                        .toList());
        AtomicInteger questions = new AtomicInteger();
        WatermarkAlignment alignment = new WatermarkAlignment();
        LogOffset start = LogOffset.of(Map.of("a", List.of(0L, 0L)));
        LogOffset all = LogOffset.of(Map.of("a", List.of(36_000L, 360L)));
        int batches = 0;
        while (!start.equals(all)) {
            start = alignment.end(
                    start,
                    all.positions(),
                    Map.of(),
                    1_000,
                    ms -> {
                        questions.incrementAndGet();
                        return received(Map.of("a", log), ms);
                    },
                    NOW);
            batches++;
        }

        assertThat(batches).isBetween(37, 46);
        assertThat(questions.get()).isLessThan(3 * batches);
    }

    @Example
    void a_gateway_that_goes_away_meanwhile_ends_the_search_and_nothing_runs_ahead() {
        LogOffset start = LogOffset.of(Map.of("a", List.of(0L, 0L), "away", List.of(7L)));
        LongFunction<Map<String, List<Long>>> away = ms -> {
            throw new GatewayUnavailableException("gone", new IllegalStateException());
        };

        LogOffset end = new WatermarkAlignment().end(start, Map.of("a", List.of(500L, 3L)), Map.of(), 100, away, NOW);

        assertThat(end).isEqualTo(start);
    }

    private static Map<String, List<Long>> received(Map<String, List<List<Long>>> logs, long ms) {
        Map<String, List<Long>> positions = new HashMap<>();
        logs.forEach((gateway, log) -> positions.put(
                gateway,
                log.stream()
                        .map(times -> times.stream().filter(time -> time < ms).count())
                        .toList()));
        return positions;
    }

    private static long newest(Map<String, List<List<Long>>> logs, LogOffset start, LogOffset end) {
        return times(logs, start, end).stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    private static long oldestBehind(Map<String, List<List<Long>>> logs, LogOffset end) {
        Map<String, List<Long>> ends = new HashMap<>();
        logs.forEach((gateway, log) ->
                ends.put(gateway, log.stream().map(times -> (long) times.size()).toList()));
        return times(logs, end, LogOffset.of(ends)).stream()
                .mapToLong(Long::longValue)
                .min()
                .orElse(Long.MAX_VALUE - SLACK);
    }

    private static List<Long> times(Map<String, List<List<Long>>> logs, LogOffset from, LogOffset until) {
        List<Long> times = new ArrayList<>();
        logs.forEach((gateway, log) -> {
            for (int keyGroup = 0; keyGroup < log.size(); keyGroup++) {
                times.addAll(log.get(keyGroup)
                        .subList(
                                at(from, gateway, keyGroup).intValue(),
                                at(until, gateway, keyGroup).intValue()));
            }
        });
        return times;
    }

    private static long count(LogOffset from, LogOffset until) {
        return until.positions().entrySet().stream()
                .mapToLong(place -> AdmissionControl.waiting(
                        from.positions().getOrDefault(place.getKey(), List.of()), place.getValue()))
                .sum();
    }

    private static Long at(LogOffset offset, String gateway, int keyGroup) {
        return offset.positions().getOrDefault(gateway, List.of()).get(keyGroup);
    }
}
