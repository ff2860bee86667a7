package io.tidegate.processor.ops;

import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import java.time.Duration;
import java.util.Optional;

/** Tells that a query has more keys than it may keep. */
final class FullStateWarning {

    /** So long after the last key was dropped, in batch time, it is still told. */
    static final Duration SHOWN_FOR = Duration.ofMinutes(10);

    private FullStateWarning() {}

    /**
     * What to tell people.
     *
     * @param batchMs the time of the newest batch
     */
    static Optional<String> reason(Query query, StateSize stateSize, long batchMs) {
        if (stateSize.droppedMs() == 0 || batchMs - stateSize.droppedMs() > SHOWN_FOR.toMillis()) {
            return Optional.empty();
        }
        return Optional.of("query " + query.name() + ": more keys than max-keys " + maxKeys(query.kind()) + ", "
                + stateSize.dropped() + " of the oldest were dropped");
    }

    private static long maxKeys(QueryKind kind) {
        return kind instanceof QueryKind.Bounded bounded ? bounded.maxKeys() : QueryKind.UNBOUNDED;
    }
}
