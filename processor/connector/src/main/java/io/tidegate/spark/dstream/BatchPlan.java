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

    /**
     * Part of a batch.
     *
     * @param block the index of the block that holds it, or {@link #NO_BLOCK}
     */
    record Piece(int block, List<OffsetRange> ranges) {}

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
