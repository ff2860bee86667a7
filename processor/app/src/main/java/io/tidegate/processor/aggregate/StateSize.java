package io.tidegate.processor.aggregate;

import java.io.Serializable;

/**
 * How much a state holds, and what it has dropped since it began.
 *
 * @param keys how many keys it remembers
 * @param bytes about how many bytes of memory they take
 * @param dropped keys that had to go because there were more than the query's {@code max-keys}
 * @param forgotten keys that went because nothing came for them within {@code forget-after}
 * @param droppedMs the time of the newest batch in which keys were dropped, epoch milliseconds; 0: none
 */
public record StateSize(long keys, long bytes, long dropped, long forgotten, long droppedMs) implements Serializable {

    /** Of no state. */
    public static final StateSize NONE = new StateSize(0, 0, 0, 0, 0);

    /** Both together. */
    public StateSize plus(StateSize other) {
        return new StateSize(
                keys + other.keys,
                bytes + other.bytes,
                dropped + other.dropped,
                forgotten + other.forgotten,
                Math.max(droppedMs, other.droppedMs));
    }
}
