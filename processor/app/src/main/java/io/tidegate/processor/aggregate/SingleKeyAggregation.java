package io.tidegate.processor.aggregate;

import io.tidegate.processor.result.Result;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one key goes on, for an engine that keeps each key's state for itself as bytes and wakes it by a timer: what a
 * {@link StatefulAggregation} does for all keys of a state group, with the same arithmetic. Immutable, serializable and
 * pure.
 */
public interface SingleKeyAggregation extends Serializable {

    /** There is nothing to wait for. */
    long NEVER = Long.MAX_VALUE;

    /** The form of the bytes in which a key's state is kept. */
    int format();

    /**
     * The key after a batch.
     *
     * @param key canonical text
     * @param before the state that the batch before has left; null: none
     * @param batch what there is in it
     * @throws IllegalStateException when {@code before} has another format
     */
    Update advance(String key, byte @Nullable [] before, Batch batch);

    /**
     * What a batch has for a key.
     *
     * @param events in any order; may be empty
     * @param timeMs the batch's time, epoch milliseconds; not less than that of the batch before
     * @param seenThroughMs every event received before it is in this batch or an earlier one
     * @param full whether there are more keys than may be kept: a key that can be spared goes before its time
     */
    record Batch(List<InputEvent> events, long timeMs, long seenThroughMs, boolean full) {}

    /**
     * What a batch makes of the key.
     *
     * @param state to be kept; null: the key is forgotten
     * @param tickMs when seenThrough is greater than this there is something to do; {@link #NEVER}
     * @param dueMs in a batch of this time or later there is something to publish; {@link #NEVER}
     * @param results to be published, in order
     * @param applied events that count
     * @param late events that came too late to count
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes for Spark; nobody compares updates
    record Update(
            byte @Nullable [] state,
            long tickMs,
            long dueMs,
            List<? extends Result> results,
            long applied,
            long late) {}
}
