package io.tidegate.spark;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Goes through the events of a {@link Slice} one by one, in order, and decodes each when it gets there; those of the chunk
 * that the slice leaves out are never decoded. One thread.
 */
public final class EventCursor {

    private static final int EVENT = Chunk.EVENTS_FIELD_NUMBER << 3 | 2;

    private final Slice slice;
    private final CodedInputStream in;
    private long following;
    private Event event = Event.getDefaultInstance();

    /**
     * Before the first event of a slice.
     *
     * @throws UncheckedIOException when its chunk is no chunk
     */
    EventCursor(Slice slice) {
        this.slice = slice;
        in = CodedInputStream.newInstance(slice.chunk());
        try {
            following = ChunkHeader.of(slice.chunk()).first();
        } catch (IOException e) {
            throw undecodable(e);
        }
    }

    /**
     * Moves to the next event.
     *
     * @return false behind the last one
     * @throws IllegalStateException when the chunk holds fewer events than the slice claims
     * @throws UncheckedIOException when the chunk is no chunk
     */
    public boolean next() {
        try {
            return following < slice.next() && advance();
        } catch (IOException e) {
            throw undecodable(e);
        }
    }

    private boolean advance() throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag != EVENT) {
                in.skipField(tag);
            } else if (following < slice.from()) {
                in.skipField(tag);
                following++;
            } else {
                event = decoded();
                following++;
                return true;
            }
        }
        throw new IllegalStateException("events: up to offset " + following + " (expected: " + slice + ")");
    }

    private Event decoded() throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        Event decoded = Event.parser().parseFrom(in, ExtensionRegistryLite.getEmptyRegistry());
        in.popLimit(limit);
        return decoded;
    }

    private UncheckedIOException undecodable(IOException e) {
        return new UncheckedIOException("a chunk that can't be decoded, " + slice, e);
    }

    /** The key group of every event here. */
    public int keyGroup() {
        return slice.keyGroup();
    }

    /** The offset of the event that the cursor is at. */
    public long offset() {
        return following - 1;
    }

    /** The event that the cursor is at. */
    public Event event() {
        return event;
    }
}
