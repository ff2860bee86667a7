package io.tidegate.spark.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** T3 of the pitfalls: Spark compares offsets by their JSON. */
class LogOffsetTest {

    @Provide
    Arbitrary<Map<String, List<Long>>> positions() {
        Arbitrary<String> ids = Arbitraries.strings().ofMinLength(1).ofMaxLength(12);
        Arbitrary<List<Long>> ofKeyGroups = Arbitraries.longs()
                .between(0, Long.MAX_VALUE)
                .list()
                .ofMinSize(1)
                .ofMaxSize(9);
        return Arbitraries.maps(ids, ofKeyGroups).ofMinSize(1).ofMaxSize(4);
    }

    @Property
    void what_was_written_is_read_back_and_written_the_same(@ForAll("positions") Map<String, List<Long>> positions) {
        LogOffset offset = LogOffset.of(positions);

        assertThat(LogOffset.parse(offset.json())).isEqualTo(offset);
        assertThat(LogOffset.parse(offset.json()).json()).isEqualTo(offset.json());
        assertThat(LogOffset.parse(offset.json()).positions()).isEqualTo(positions);
    }

    @Property
    void the_order_of_gateways_makes_no_difference(
            @ForAll("positions") Map<String, List<Long>> positions, @ForAll Random random) {
        List<String> ids = new ArrayList<>(positions.keySet());
        Collections.shuffle(ids, random);
        Map<String, List<Long>> shuffled = new LinkedHashMap<>();
        ids.forEach(id -> shuffled.put(id, positions.getOrDefault(id, List.of())));

        assertThat(LogOffset.of(shuffled))
                .isEqualTo(LogOffset.of(positions))
                .hasSameHashCodeAs(LogOffset.of(positions));
    }

    @Property
    void another_position_is_another_offset(@ForAll("positions") Map<String, List<Long>> positions) {
        Map<String, List<Long>> other = new LinkedHashMap<>(positions);
        String id = other.keySet().iterator().next();
        List<Long> moved = new ArrayList<>(other.getOrDefault(id, List.of()));
        moved.set(0, moved.get(0) ^ 1);
        other.put(id, moved);

        assertThat(LogOffset.of(other)).isNotEqualTo(LogOffset.of(positions));
    }

    @Example
    void it_looks_like_this() {
        assertThat(LogOffset.of(Map.of("b", List.of(3L), "a\"", List.of(0L, 17L)))
                        .json())
                .isEqualTo("{\"gateways\":{\"a\\\"\":[0,17],\"b\":[3]},\"version\":1}");
    }

    @Example
    void with_the_time_that_it_has_seen_through_it_is_another_one() {
        LogOffset place = LogOffset.of(Map.of("a", List.of(3L)));
        LogOffset seen = place.seenThrough(1_763_805_660_000L);

        assertThat(seen.json()).isEqualTo("{\"gateways\":{\"a\":[3]},\"seenThroughMs\":1763805660000,\"version\":1}");
        assertThat(LogOffset.parse(seen.json())).isEqualTo(seen).isNotEqualTo(place);
        assertThat(LogOffset.parse(seen.json()).seenThroughMs()).isEqualTo(1_763_805_660_000L);
        assertThat(LogOffset.ticked(null, place.json())).isFalse();
        assertThat(LogOffset.ticked(null, seen.json())).isTrue();
        assertThat(LogOffset.ticked(place.json(), seen.json())).isTrue();
        assertThat(LogOffset.ticked(seen.json(), seen.json())).isFalse();
    }

    @Example
    void a_person_may_write_it_with_spaces_and_without_a_version() {
        assertThat(LogOffset.parse(" { \"gateways\" : { \"b\":[3], \"a\":[1, 2] } } ")
                        .json())
                .isEqualTo("{\"gateways\":{\"a\":[1,2],\"b\":[3]},\"version\":1}");
    }

    @Example
    void anything_else_is_refused_with_what_is_expected() {
        for (String wrong : List.of(
                "",
                "{",
                "[]",
                "7",
                "{}",
                "{\"gateways\":{}}",
                "{\"gateways\":[1]}",
                "{\"gateways\":{\"a\":[1]},\"seenThroughMs\":\"1\"}",
                "{\"gateways\":{\"a\":[]}}",
                "{\"gateways\":{\"a\":{}}}",
                "{\"gateways\":{\"a\":[-1]}}",
                "{\"gateways\":{\"a\":[1.5]}}",
                "{\"gateways\":{\"a\":[9223372036854775808]}}",
                "{\"gateways\":{\"a\":[\"1\"]}}")) {
            assertThatThrownBy(() -> LogOffset.parse(wrong)).as(wrong).hasMessageContaining("expected: {\"gateways\"");
        }
        assertThatThrownBy(() -> LogOffset.parse("{\"gateways\":{\"a\":[1]},\"version\":2}"))
                .hasMessageContaining("version 2 (expected: 1; a newer connector wrote it");
    }
}
