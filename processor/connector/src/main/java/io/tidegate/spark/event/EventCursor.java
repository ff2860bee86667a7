package io.tidegate.spark.event;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the events of a {@link EventChunk} one by one, in order, and decodes each when it gets there; those of the chunk
 * that it leaves out are never decoded. One thread.
 */
public final class EventCursor {

    private static final int EVENT = Chunk.EVENTS_FIELD_NUMBER << 3 | 2;

    private final EventChunk chunk;
    private final CodedInputStream in;
    private long following;
    private Event event = Event.getDefaultInstance();

    /**
     * Before the first event of a chunk.
     *
     * @throws UncheckedIOException when its chunk is no chunk
     */
    EventCursor(EventChunk chunk) {
        this.chunk = chunk;
        in = CodedInputStream.newInstance(chunk.chunk());
        following = ChunkHeader.of(chunk.chunk()).first();
    }

    /**
     * Moves to the next event.
     *
     * @return false behind the last one
     * @throws IllegalStateException when the chunk holds fewer events than it claims
     * @throws UncheckedIOException when the chunk is no chunk
     */
    public boolean next() {
        try {
            return following < chunk.next() && advance();
        } catch (IOException e) {
            throw new UncheckedIOException("a chunk that can't be decoded, " + chunk, e);
        }
    }

    /** Moves, likewise, to the next event of a row's table, and the row with it. */
    public boolean next(EventRow row) {
        while (next()) {
            if (table() == row.table()) {
                row.at(this);
                return true;
            }
        }
        return false;
    }

    private boolean advance() throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag != EVENT) {
                in.skipField(tag);
            } else if (following < chunk.from()) {
                in.skipField(tag);
                following++;
            } else {
                event = decoded();
                following++;
                return true;
            }
        }
        throw new IllegalStateException("events: up to offset " + following + " (expected: " + chunk + ")");
    }

    private Event decoded() throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        Event decoded = Event.parser().parseFrom(in, ExtensionRegistryLite.getEmptyRegistry());
        in.popLimit(limit);
        return decoded;
    }

    /** The key group of every event here. */
    public int keyGroup() {
        return chunk.keyGroup();
    }

    /** The offset of the event that the cursor is at. */
    public long offset() {
        return following - 1;
    }

    /** The time of receipt of the event that the cursor is at, epoch milliseconds. */
    public long receivedMs() {
        return event.getReceivedMs();
    }

    /** The table that the event is a row of; null for a kind of event that this version does not know. */
    public @Nullable EventTable table() {
        return EventTable.of(event);
    }

    /** The event that the cursor is at. */
    Event event() {
        return event;
    }
}
