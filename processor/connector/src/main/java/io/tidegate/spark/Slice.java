package io.tidegate.spark;

import io.tidegate.protocol.v1.Chunk;
import java.io.UncheckedIOException;

/**
 * Consecutive events of one key group: the part of a chunk that belongs to this batch. Nothing is decoded before it is
 * asked for, and a chunk is never copied.
 *
 * @param keyGroup the key group
 * @param from the first offset that counts
 * @param next the offset behind the last one that counts
 * @param chunk an encoded {@link Chunk} that covers at least {@code from} to {@code next}; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // identity is all that anybody needs of a slice
public record Slice(int keyGroup, long from, long next, byte[] chunk) implements DoorRecord {

    /** The number of events. */
    public int count() {
        return Math.toIntExact(next - from);
    }

    /**
     * Decodes and shows every event of the slice, in order.
     *
     * @throws IllegalStateException when the chunk holds fewer events than the slice claims
     * @throws UncheckedIOException when the chunk is no chunk
     */
    public void forEach(EventVisitor visitor) {
        EventCursor cursor = cursor();
        while (cursor.next()) {
            visitor.visit(cursor.offset(), cursor.event());
        }
    }

    /** The events one by one, at the pace of who asks. */
    public EventCursor cursor() {
        return new EventCursor(this);
    }

    @Override
    public String toString() {
        return "slice of key group " + keyGroup + " from " + from + " until " + next;
    }
}
