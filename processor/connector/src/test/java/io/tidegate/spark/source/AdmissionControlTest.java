package io.tidegate.spark.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** How a limited batch is shared out, and how a batch is cut into tasks. */
class AdmissionControlTest {

    private static final int KEY_GROUPS = 4;

    @Provide
    Arbitrary<List<Long>> waiting() {
        return Arbitraries.longs().between(0, 5_000_000_000L).list().ofSize(KEY_GROUPS);
    }

    @Property
    void a_batch_takes_the_limit_or_everything_and_never_steps_back(
            @ForAll("waiting") List<Long> a, @ForAll("waiting") List<Long> b, @ForAll @LongRange(min = 1) long most) {
        LogOffset start = LogOffset.of(Map.of("a", List.of(1L, 2L, 3L, 4L), "b", List.of(0L, 0L, 0L, 9L)));
        Map<String, List<Long>> ends = Map.of("a", plus(start, "a", a), "b", plus(start, "b", b));

        LogOffset end = AdmissionControl.end(start, ends, Map.of(), most);

        assertThat(between(start, end)).isEqualTo(Math.min(most, sum(a) + sum(b)));
        for (String gateway : ends.keySet()) {
            for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
                assertThat(at(end, gateway, keyGroup))
                        .isBetween(
                                at(start, gateway, keyGroup), ends.get(gateway).get(keyGroup));
            }
        }
    }

    @Property
    void while_there_is_room_every_key_group_gets_on(
            @ForAll("waiting") List<Long> waiting, @ForAll @LongRange(min = KEY_GROUPS, max = 1_000) long most) {
        LogOffset start = LogOffset.of(Map.of("a", List.of(0L, 0L, 0L, 0L)));

        LogOffset end = AdmissionControl.end(start, Map.of("a", waiting), Map.of(), most);

        for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
            assertThat(at(end, "a", keyGroup) > 0).isEqualTo(waiting.get(keyGroup) > 0);
        }
    }

    @Example
    void a_gateway_that_is_away_stays_and_one_that_is_new_joins_where_it_is_told() {
        LogOffset start = LogOffset.of(Map.of("away", List.of(5L), "here", List.of(5L)));

        LogOffset end = AdmissionControl.end(
                start, Map.of("here", List.of(7L), "new", List.of(100L)), Map.of("new", List.of(90L)), Long.MAX_VALUE);

        assertThat(end).isEqualTo(LogOffset.of(Map.of("away", List.of(5L), "here", List.of(7L), "new", List.of(90L))));
    }

    private static List<Long> plus(LogOffset start, String gateway, List<Long> waiting) {
        List<Long> sums = new ArrayList<>();
        for (int keyGroup = 0; keyGroup < waiting.size(); keyGroup++) {
            sums.add(at(start, gateway, keyGroup) + waiting.get(keyGroup));
        }
        return sums;
    }

    private static long between(LogOffset start, LogOffset end) {
        long sum = 0;
        for (String gateway : new TreeMap<>(start.positions()).keySet()) {
            for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
                sum += at(end, gateway, keyGroup) - at(start, gateway, keyGroup);
            }
        }
        return sum;
    }

    private static long at(LogOffset offset, String gateway, int keyGroup) {
        return offset.positions().getOrDefault(gateway, List.of()).get(keyGroup);
    }

    private static long sum(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).sum();
    }
}
