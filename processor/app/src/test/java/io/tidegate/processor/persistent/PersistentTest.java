package io.tidegate.processor.persistent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class PersistentTest {

    @Test
    void a_changed_map_leaves_the_old_one_as_it_was() {
        PersistentMap<String, Integer> before = PersistentMap.of(Map.of("a", 1, "b", 2));

        PersistentMap<String, Integer> after = before.with("a", 9).without("b");

        assertThat(before.asMap()).isEqualTo(Map.of("a", 1, "b", 2));
        assertThat(after.asMap()).isEqualTo(Map.of("a", 9));
        assertThat(after.get("b")).isNull();
    }

    @Test
    void two_maps_merge_by_key_whichever_is_the_larger() {
        PersistentMap<String, Integer> large = PersistentMap.of(Map.of("a", 1, "b", 2));
        PersistentMap<String, Integer> small = PersistentMap.of(Map.of("b", 5));

        assertThat(large.mergedWith(small, Integer::sum).asMap()).isEqualTo(Map.of("a", 1, "b", 7));
        assertThat(small.mergedWith(large, Integer::sum)).isEqualTo(large.mergedWith(small, Integer::sum));
    }

    @Test
    void timers_give_what_is_due_in_order_and_strictly_before_the_time() {
        TimerQueue timers = TimerQueue.NONE
                .move("late", TimerQueue.NEVER, 30)
                .move("b", TimerQueue.NEVER, 10)
                .move("a", TimerQueue.NEVER, 20);

        assertThat(timers.before(30)).containsExactly("b", "a");
        assertThat(timers.before(10)).isEmpty();
    }

    @Test
    void a_timer_that_moves_leaves_its_old_time() {
        TimerQueue timers = TimerQueue.NONE.move("a", TimerQueue.NEVER, 10);

        TimerQueue moved = timers.move("a", 10, 40);

        assertThat(moved.before(40)).isEmpty();
        assertThat(moved.move("a", 40, TimerQueue.NEVER)).isEqualTo(TimerQueue.NONE);
        assertThat(timers.before(11)).containsExactly("a");
    }

    @Test
    void the_queues_of_a_map_follow_the_times_of_its_values() {
        List<ToLongFunction<Integer>> times = List.of(value -> value, value -> -value);
        TimedMap<Integer> map = TimedMap.of(PersistentMap.of(Map.of("a", 1, "gone", 2)), times);

        TimedMap<Integer> changed = map.with("b", 5).with("gone", null).with("a", 7);

        assertThat(changed.by(0).before(100)).containsExactly("b", "a");
        assertThat(changed.by(1).before(100)).containsExactly("a", "b");
        assertThat(changed.keyBytes()).isEqualTo(2);
        assertThat(changed).isEqualTo(TimedMap.of(PersistentMap.of(Map.of("a", 7, "b", 5)), times));
        assertThat(map.by(0).before(100)).containsExactly("a", "gone");
    }
}
