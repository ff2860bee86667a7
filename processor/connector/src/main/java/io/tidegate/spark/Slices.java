package io.tidegate.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cuts ranges out of chunks. */
final class Slices {

    private Slices() {}

    /**
     * The slices that make up {@code ranges}: each offset of each range exactly once, ascending per key group, whatever
     * else the chunks hold and however often.
     *
     * @param chunks encoded chunks, ascending per key group
     * @return empty when the chunks don't cover every range without a hole
     */
    static Optional<List<DoorRecord>> cut(List<Range> ranges, Iterable<byte[]> chunks) {
        Map<Integer, List<Cursor>> open = new HashMap<>();
        for (Range range : ranges) {
            open.computeIfAbsent(range.keyGroup(), kg -> new ArrayList<>()).add(new Cursor(range));
        }
        List<DoorRecord> slices = new ArrayList<>();
        for (byte[] chunk : chunks) {
            ChunkHeader header = header(chunk);
            for (Cursor cursor : open.getOrDefault(header.keyGroup(), List.of())) {
                cursor.take(header, chunk, slices);
            }
        }
        boolean complete = open.values().stream().flatMap(List::stream).allMatch(Cursor::done);
        return complete ? Optional.of(slices) : Optional.empty();
    }

    private static ChunkHeader header(byte[] chunk) {
        try {
            return ChunkHeader.of(chunk);
        } catch (IOException e) {
            throw new UncheckedIOException("a chunk that can't be decoded", e);
        }
    }

    /** How far a range has been cut. */
    private static final class Cursor {
        private final Range range;
        private long position;

        Cursor(Range range) {
            this.range = range;
            position = range.from();
        }

        void take(ChunkHeader header, byte[] chunk, List<DoorRecord> slices) {
            long until = Math.min(range.next(), header.next());
            if (header.first() <= position && position < until) {
                slices.add(new Slice(range.keyGroup(), position, until, chunk));
                position = until;
            }
        }

        boolean done() {
            return position >= range.next();
        }
    }
}
