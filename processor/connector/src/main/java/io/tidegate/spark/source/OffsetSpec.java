package io.tidegate.spark.source;

import java.time.Instant;

/** Where a read begins or ends, as its options say. */
sealed interface OffsetSpec {

    /** A bound that moves with the log. */
    enum Moving implements OffsetSpec {
        /** The oldest retained event. */
        EARLIEST,
        /** What the stream's consumer group has committed; the oldest retained event where it has committed nothing. */
        COMMITTED,
        /** Behind the newest durable event. */
        LATEST
    }

    /** These positions. */
    record At(LogOffset offset) implements OffsetSpec {}

    /** The first event of each key group that the gateway received at that time or later. */
    record Received(Instant time) implements OffsetSpec {}
}
