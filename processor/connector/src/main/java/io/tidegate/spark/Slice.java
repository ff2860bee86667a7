package io.tidegate.spark;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import java.io.IOException;
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

    private static final int EVENT = Chunk.EVENTS_FIELD_NUMBER << 3 | 2;

    /** The number of events. */
    public int count() {
        return Math.toIntExact(next - from);
    }

    /**
     * Decodes and shows every event of the slice, in order; those of the chunk before {@code from} and from {@code next}
     * on are skipped without being decoded.
     *
     * @throws IllegalStateException when the chunk holds fewer events than the slice claims
     * @throws UncheckedIOException when the chunk is no chunk
     */
    public void forEach(EventVisitor visitor) {
        try {
            visit(visitor);
        } catch (IOException e) {
            throw new UncheckedIOException("a chunk that can't be decoded, " + this, e);
        }
    }

    private void visit(EventVisitor visitor) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(chunk);
        long offset = ChunkHeader.of(chunk).first();
        for (int tag = in.readTag(); tag != 0 && offset < next; tag = in.readTag()) {
            if (tag != EVENT || offset < from) {
                in.skipField(tag);
            } else {
                visitor.visit(offset, event(in));
            }
            offset += tag == EVENT ? 1 : 0;
        }
        if (offset < next) {
            throw new IllegalStateException("events: up to offset " + offset + " (expected: " + this + ")");
        }
    }

    private static Event event(CodedInputStream in) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        Event event = Event.parser().parseFrom(in, ExtensionRegistryLite.getEmptyRegistry());
        in.popLimit(limit);
        return event;
    }

    @Override
    public String toString() {
        return "slice of key group " + keyGroup + " from " + from + " until " + next;
    }
}
