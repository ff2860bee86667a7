package io.tidegate.spark.dstream;

import io.tidegate.spark.client.internal.BlockRange;
import io.tidegate.spark.client.internal.OffsetRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides a batch, which is one contiguous range of offsets per key group, into pieces: each offset in exactly one. A
 * piece comes from a block where there is one; what came twice is cut off, and what no block holds is a gap, to be read
 * from the gateway. Pure: the same ends and blocks make the same plan.
 */
final class BatchPlan {

    /** In place of a block: the piece is a gap. */
    static final int NO_BLOCK = -1;

    private static final long LEAST_TASK_EVENTS = 1_000;

    /**
     * Part of a batch.
     *
     * @param block the index of the block that holds it, or {@link #NO_BLOCK}
     */
    record Piece(int block, List<OffsetRange> ranges) {

        long count() {
            return ranges.stream().mapToLong(OffsetRange::count).sum();
        }
    }

    private final BatchOffsets to;
    private final long gapEvents;
    private final long[] position;
    private final List<Piece> pieces = new ArrayList<>();

    private BatchPlan(BatchOffsets from, BatchOffsets to, long gapEvents) {
        this.to = to;
        this.gapEvents = gapEvents;
        position = new long[from.keyGroups()];
        for (int kg = 0; kg < position.length; kg++) {
            position[kg] = from.next(kg);
        }
    }

    /**
     * The pieces of the batch from {@code from} to {@code to}.
     *
     * @param blocks what each of the batch's blocks holds, in the order in which they were stored
     * @param gapEvents gaps are split into pieces of at most that many events
     */
    static List<Piece> of(BatchOffsets from, BatchOffsets to, List<List<BlockRange>> blocks, long gapEvents) {
        BatchPlan plan = new BatchPlan(from, to, gapEvents);
        for (int i = 0; i < blocks.size(); i++) {
            plan.take(i, blocks.get(i));
        }
        for (int kg = 0; kg < plan.position.length; kg++) {
            plan.gapUntil(kg, to.next(kg));
        }
        return List.copyOf(plan.pieces);
    }

    /**
     * Deals pieces to tasks, each to the one with the fewest events so far. A task costs Spark a few milliseconds and makes
     * partial aggregates of its own, so few events are one task.
     *
     * @param cores how many tasks can run at a time: there are no more, but one at least
     * @return at least one task, which has no piece when there are none
     */
    static List<List<Piece>> tasks(List<Piece> pieces, int cores) {
        long events = pieces.stream().mapToLong(Piece::count).sum();
        int tasks = (int) Math.min(Math.min(cores, pieces.size()), events / LEAST_TASK_EVENTS);
        List<List<Piece>> dealt = new ArrayList<>();
        for (int i = 0; i < Math.max(1, tasks); i++) {
            dealt.add(new ArrayList<>());
        }
        long[] taken = new long[dealt.size()];
        for (Piece piece : pieces) {
            int least = 0;
            for (int i = 1; i < taken.length; i++) {
                least = taken[i] < taken[least] ? i : least;
            }
            dealt.get(least).add(piece);
            taken[least] += piece.count();
        }
        return dealt;
    }

    private void take(int block, List<BlockRange> held) {
        List<OffsetRange> ranges = new ArrayList<>();
        for (BlockRange range : held) {
            int kg = range.keyGroup();
            long from = Math.max(range.from(), position[kg]);
            long next = Math.min(range.next(), to.next(kg));
            if (from < next) {
                gapUntil(kg, from);
                ranges.add(new OffsetRange(kg, from, next));
                position[kg] = next;
            }
        }
        if (!ranges.isEmpty()) {
            pieces.add(new Piece(block, List.copyOf(ranges)));
        }
    }

    private void gapUntil(int kg, long until) {
        while (position[kg] < until) {
            long next = Math.min(until, position[kg] + gapEvents);
            pieces.add(new Piece(NO_BLOCK, List.of(new OffsetRange(kg, position[kg], next))));
            position[kg] = next;
        }
    }
}
