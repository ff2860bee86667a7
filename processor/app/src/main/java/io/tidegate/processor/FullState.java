package io.tidegate.processor;

import io.tidegate.processor.query.Kind;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.state.StateSize;
import java.time.Duration;
import java.util.Optional;

/** Tells that a query has more keys than it may keep. */
final class FullState {

    /** So long after the last key was dropped, in batch time, it is still told. */
    static final Duration TOLD_FOR = Duration.ofMinutes(10);

    private FullState() {}

    /**
     * What to tell people.
     *
     * @param batchMs the time of the newest batch
     */
    static Optional<String> reason(Query query, StateSize held, long batchMs) {
        if (held.droppedMs() == 0 || batchMs - held.droppedMs() > TOLD_FOR.toMillis()) {
            return Optional.empty();
        }
        return Optional.of("query " + query.name() + ": more keys than max-keys " + maxKeys(query.kind()) + ", "
                + held.dropped() + " of the oldest were dropped");
    }

    private static long maxKeys(Kind kind) {
        if (kind instanceof Kind.Sessions sessions) {
            return sessions.maxKeys();
        }
        return kind instanceof Kind.Totals totals ? totals.maxKeys() : Kind.UNBOUNDED;
    }
}
