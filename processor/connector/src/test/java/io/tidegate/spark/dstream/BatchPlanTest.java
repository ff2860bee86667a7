package io.tidegate.spark.dstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.spark.client.internal.BlockRange;
import io.tidegate.spark.client.internal.OffsetRange;
import io.tidegate.spark.event.KeyGroupTime;
import io.tidegate.spark.event.Tick;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchPlanTest {

    @Property
    void every_offset_of_a_batch_is_in_exactly_one_piece_whatever_the_blocks_hold(
            @ForAll Random random, @ForAll @IntRange(min = 1, max = 4) int keyGroups) {
        long[] from = random.longs(keyGroups, 0, 30).toArray();
        List<List<BlockRange>> blocks = blocks(random, keyGroups);
        BatchOffsets start = new BatchOffsets(from);
        BatchOffsets end = start.after(blocks.stream().flatMap(List::stream).toList());

        List<BatchPlan.Piece> plan = BatchPlan.of(start, end, blocks, 7);

        for (int kg = 0; kg < keyGroups; kg++) {
            for (long offset = 0; offset < 100; offset++) {
                long expected = offset >= from[kg] && offset < end.next(kg) ? 1 : 0;
                assertThat(times(plan, kg, offset)).isEqualTo(expected);
            }
        }
    }

    @Property
    void a_piece_of_a_block_asks_only_for_what_the_block_holds(@ForAll Random random) {
        List<List<BlockRange>> blocks = blocks(random, 2);
        BatchOffsets start = new BatchOffsets(new long[] {10, 20});
        BatchOffsets end = start.after(blocks.stream().flatMap(List::stream).toList());

        for (BatchPlan.Piece piece : BatchPlan.of(start, end, blocks, 7)) {
            for (OffsetRange range : piece.ranges()) {
                assertThat(piece.block() == BatchPlan.NO_BLOCK || holds(blocks.get(piece.block()), range))
                        .isTrue();
                assertThat(piece.block() == BatchPlan.NO_BLOCK ? range.count() : 0)
                        .isLessThanOrEqualTo(7);
            }
        }
    }

    @Property
    void each_piece_goes_to_one_task_and_there_are_no_more_tasks_than_cores(
            @ForAll @Size(max = 40) List<@IntRange(min = 1, max = 3_000) Integer> counts,
            @ForAll @IntRange(min = 1, max = 8) int cores) {
        List<BatchPlan.Piece> pieces = new ArrayList<>();
        counts.forEach(count -> pieces.add(piece(pieces.size(), count)));

        List<List<BatchPlan.Piece>> tasks = BatchPlan.tasks(pieces, cores);

        assertThat(tasks).hasSizeBetween(1, cores);
        assertThat(tasks.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(pieces);
        tasks.forEach(task -> assertThat(task).isSortedAccordingTo(Comparator.comparing(BatchPlan.Piece::block)));
    }

    @Test
    void tasks_have_about_as_much_to_do_and_a_small_batch_is_one() {
        List<BatchPlan.Piece> large = List.of(piece(0, 900), piece(1, 500), piece(2, 300), piece(3, 400));

        assertThat(BatchPlan.tasks(large, 2)).containsExactly(large.subList(0, 1), large.subList(1, 4));
        assertThat(BatchPlan.tasks(large.subList(0, 3), 8)).containsExactly(large.subList(0, 3));
        assertThat(BatchPlan.tasks(List.of(), 8)).containsExactly(List.of());
    }

    private static BatchPlan.Piece piece(int block, int count) {
        return new BatchPlan.Piece(block, List.of(new OffsetRange(0, 0, count)));
    }

    @Test
    void a_batch_that_was_settled_before_keeps_its_end_when_a_new_block_reaches_beyond_it() {
        List<List<BlockRange>> blocks = List.of(List.of(new BlockRange(0, 0, 50, 0, 0)));

        List<BatchPlan.Piece> plan =
                BatchPlan.of(new BatchOffsets(new long[] {10}), new BatchOffsets(new long[] {20}), blocks, 100);

        assertThat(plan).containsExactly(new BatchPlan.Piece(0, List.of(new OffsetRange(0, 10, 20))));
    }

    @Test
    void ends_are_the_same_in_whatever_order_blocks_come() {
        BlockRange first = new BlockRange(0, 0, 10, 5, 7);
        BlockRange second = new BlockRange(0, 10, 20, 4, 9);
        BatchOffsets base = new BatchOffsets(new long[] {0, 3});

        BatchOffsets after = base.after(List.of(first, second));

        assertThat(after)
                .usingRecursiveComparison()
                .isEqualTo(base.after(List.of(second, first)))
                .isEqualTo(base.after(List.of(first)).after(List.of(second)));
        assertThat(after.tick(42)).isEqualTo(new Tick(42, List.of(new KeyGroupTime(5, 9), new KeyGroupTime(0, 0))));
        assertThat(after.eventsSince(base)).isEqualTo(20);
    }

    @Test
    void a_tick_is_as_late_as_its_latest_key_group() {
        Tick tick = new Tick(1, List.of(new KeyGroupTime(50, 30), new KeyGroupTime(0, 20), new KeyGroupTime(40, 25)));

        assertThat(tick.seenThroughMs()).isEqualTo(20);
        assertThat(tick.watermarkMs()).isEqualTo(40);
    }

    private static long times(List<BatchPlan.Piece> plan, int kg, long offset) {
        return plan.stream()
                .flatMap(piece -> piece.ranges().stream())
                .filter(r -> r.keyGroup() == kg && r.from() <= offset && offset < r.next())
                .count();
    }

    private static boolean holds(List<BlockRange> extents, OffsetRange range) {
        return extents.stream()
                .anyMatch(
                        e -> e.keyGroup() == range.keyGroup() && e.from() <= range.from() && range.next() <= e.next());
    }

    /** Overlapping, repeated, with holes, some without events. */
    private static List<List<BlockRange>> blocks(Random random, int keyGroups) {
        List<List<BlockRange>> blocks = new ArrayList<>();
        for (int b = random.nextInt(6); b > 0; b--) {
            List<BlockRange> extents = new ArrayList<>();
            for (int e = random.nextInt(5); e > 0; e--) {
                long from = random.nextInt(60);
                extents.add(new BlockRange(random.nextInt(keyGroups), from, from + random.nextInt(30), 0, 0));
            }
            blocks.add(extents);
        }
        return blocks;
    }
}
