package io.tidegate.processor.aggregate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a state has dropped since it began; the parameters are those of {@link StateSize}.
 */
public record EvictionCounts(long dropped, long forgotten, long droppedMs) {

    /** Nothing yet. */
    public static final EvictionCounts NOTHING = new EvictionCounts(0, 0, 0);

    /** With keys that a batch has dropped because of {@code max-keys}, and forgotten because of {@code forget-after}. */
    public EvictionCounts plus(long nowDropped, long nowForgotten, long batchMs) {
        return new EvictionCounts(dropped + nowDropped, forgotten + nowForgotten, nowDropped > 0 ? batchMs : droppedMs);
    }

    /** The size of a state that has dropped this. */
    public StateSize size(long keys, long bytes) {
        return new StateSize(keys, bytes, dropped, forgotten, droppedMs);
    }

    /** Writes it for {@link #read}. */
    public void write(DataOutput out) throws IOException {
        out.writeLong(dropped);
        out.writeLong(forgotten);
        out.writeLong(droppedMs);
    }

    /** Reads what {@link #write} wrote. */
    public static EvictionCounts read(DataInput in) throws IOException {
        return new EvictionCounts(in.readLong(), in.readLong(), in.readLong());
    }
}
