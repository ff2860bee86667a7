package io.tidegate.processor.aggregate;

import java.io.Serializable;
import org.apache.spark.util.KnownSizeEstimation;

/**
 * What some events of one batch come to, for one query and state group. Immutable; serialized compactly.
 *
 * <p>{@link #merge} is associative and commutative, so neither the order of events nor of frames, partitions and
 * combiners shows in a result. A {@link TickPartial} merges with every other kind; otherwise only equal kinds merge.
 */
public interface Partial extends Serializable, KnownSizeEstimation {

    /** The {@link #seenThroughMs} of a partial that no tick was merged into; the neutral element of the minimum. */
    long NO_TICK = Long.MAX_VALUE;

    /**
     * Both together.
     *
     * @throws IllegalArgumentException when the two are of different kinds and neither is a tick
     */
    Partial merge(Partial other);

    /** The least seenThrough of the ticks merged into it, epoch milliseconds; {@link #NO_TICK} when there was none. */
    long seenThroughMs();

    /** The error of merging what does not belong together. */
    default IllegalArgumentException unlike(Partial other) {
        return new IllegalArgumentException("merged with: " + other.getClass().getSimpleName() + " (expected: "
                + getClass().getSimpleName() + " or a tick)");
    }
}
