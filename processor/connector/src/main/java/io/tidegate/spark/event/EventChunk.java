package io.tidegate.spark.event;

import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * Consecutive events of one key group: the part of a chunk of the log that belongs to this batch. Nothing is decoded before
 * it is asked for, and a chunk is never copied.
 *
 * @param keyGroup the key group
 * @param from the first offset that counts
 * @param next the offset behind the last one that counts
 * @param chunk an encoded chunk of the pull protocol that covers at least {@code from} to {@code next}; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // identity is all that anybody needs of it
public record EventChunk(int keyGroup, long from, long next, byte[] chunk) implements StreamElement {

    /**
     * All events of an encoded chunk.
     *
     * @throws UncheckedIOException when it is no chunk
     */
    public static EventChunk of(byte[] chunk) {
        ChunkHeader header = ChunkHeader.of(chunk);
        return new EventChunk(header.keyGroup(), header.first(), header.next(), chunk);
    }

    /** Those of its events from one offset until another. */
    public EventChunk part(long from, long next) {
        return new EventChunk(keyGroup, from, next, chunk);
    }

    /** The number of events. */
    public int count() {
        return Math.toIntExact(next - from);
    }

    /** Moves a row from event to event, of those that are rows of its table, and shows it each time. */
    public void forEach(EventRow row, Consumer<? super EventRow> visitor) {
        EventCursor events = cursor();
        while (events.next(row)) {
            visitor.accept(row);
        }
    }

    /**
     * A cursor before the first event.
     *
     * @throws UncheckedIOException when the chunk is no chunk
     */
    public EventCursor cursor() {
        return new EventCursor(this);
    }

    @Override
    public String toString() {
        return "chunk of key group " + keyGroup + " from " + from + " until " + next;
    }
}
