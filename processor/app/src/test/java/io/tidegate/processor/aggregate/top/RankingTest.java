package io.tidegate.processor.aggregate.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.PartialBuilder;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.aggregate.windows.WindowPartialBuilder;
import io.tidegate.processor.aggregate.windows.WindowValue;
import io.tidegate.processor.key.KeyCodec;
import io.tidegate.processor.query.Subject;
import io.tidegate.processor.result.TimeWindow;
import io.tidegate.processor.result.TopResult;
import io.tidegate.processor.result.TopResult.Entry;
import io.tidegate.processor.sketch.Distribution.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RankingTest {

    private static final int GROUPS = 4;

    @Property(tries = 200)
    void the_merge_of_the_state_groups_is_the_ranking_of_all_keys(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 12) Integer> keys,
            @ForAll @IntRange(min = 1, max = 6) int limit) {
        TopAggregation query = new TopAggregation(new Subject("busiest", List.of("n")), 3, limit, 5000);
        Map<Integer, Long> counts = new TreeMap<>();
        PartialBuilder builder = new WindowPartialBuilder(3, Spec.NOTHING, GROUPS);
        for (int key : keys) {
            counts.merge(key, 1L, Long::sum);
            builder.add(KeyCodec.encode(List.of(key)), new InputEvent(0, 0, 0, 0, "", null));
        }

        WindowValue nothing = WindowValue.pane(1000, new TickPartial(1000, 0));
        Ranking merged = query.ranking(nothing, 1000, 0);
        for (Partial partial : builder.build().values()) {
            merged = query.ranking(WindowValue.pane(1000, partial), 1000, 0).merge(merged);
        }
        TopResult result = (TopResult) query.result(merged);

        List<Map.Entry<Integer, Long>> expected = new ArrayList<>(counts.entrySet());
        expected.sort((a, b) -> a.getValue().equals(b.getValue())
                ? a.getKey().compareTo(b.getKey())
                : b.getValue().compareTo(a.getValue()));
        assertThat(result.top())
                .containsExactlyElementsOf(expected.stream()
                        .limit(limit)
                        .map(entry -> new Entry("[" + entry.getKey() + "]", entry.getValue()))
                        .toList());
        assertThat(result.distinct()).isEqualTo(counts.size());
        assertThat(result.total()).isEqualTo(keys.size());
        assertThat(result.timeWindow().partial()).isTrue();
    }

    @Test
    void a_key_without_events_left_is_not_ranked() {
        TopAggregation query = new TopAggregation(new Subject("busiest", List.of("n")), 3, 5, 5000);
        PartialBuilder builder = new WindowPartialBuilder(3, Spec.NOTHING, 1);
        builder.add("[1]", new InputEvent(0, 0, 0, 0, "", null));
        WindowValue full =
                WindowValue.pane(1000, builder.build().values().iterator().next());

        Ranking ranking = query.ranking(WindowValue.inverse(full, full), 6000, 0);

        assertThat(ranking).isEqualTo(new Ranking(5, new TimeWindow(1000, 6000, false), List.of(), 0, 0));
    }
}
