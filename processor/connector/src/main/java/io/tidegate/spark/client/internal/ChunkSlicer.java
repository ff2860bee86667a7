package io.tidegate.spark.client.internal;

import io.tidegate.spark.event.EventChunk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cuts ranges of offsets out of chunks. */
public final class ChunkSlicer {

    private ChunkSlicer() {}

    /**
     * The parts of chunks that make up {@code ranges}: each offset of each range exactly once, ascending per key group, whatever
     * else the chunks hold and however often.
     *
     * @param chunks encoded chunks, ascending per key group
     * @return empty when the chunks don't cover every range without a hole
     */
    public static Optional<List<EventChunk>> cut(List<OffsetRange> ranges, Iterable<byte[]> chunks) {
        Map<Integer, List<Cursor>> open = new HashMap<>();
        for (OffsetRange range : ranges) {
            open.computeIfAbsent(range.keyGroup(), kg -> new ArrayList<>()).add(new Cursor(range));
        }
        List<EventChunk> parts = new ArrayList<>();
        for (byte[] encoded : chunks) {
            EventChunk chunk = EventChunk.of(encoded);
            for (Cursor cursor : open.getOrDefault(chunk.keyGroup(), List.of())) {
                cursor.take(chunk, parts);
            }
        }
        boolean complete = open.values().stream().flatMap(List::stream).allMatch(Cursor::done);
        return complete ? Optional.of(parts) : Optional.empty();
    }

    /** How far a range has been cut. */
    private static final class Cursor {
        private final OffsetRange range;
        private long position;

        Cursor(OffsetRange range) {
            this.range = range;
            position = range.from();
        }

        void take(EventChunk chunk, List<EventChunk> parts) {
            long until = Math.min(range.next(), chunk.next());
            if (chunk.from() <= position && position < until) {
                parts.add(chunk.part(position, until));
                position = until;
            }
        }

        boolean done() {
            return position >= range.next();
        }
    }
}
