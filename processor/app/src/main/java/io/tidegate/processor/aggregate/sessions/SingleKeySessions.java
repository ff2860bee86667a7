package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.aggregate.SingleKeyAggregation;
import io.tidegate.processor.aggregate.SingleKeyState;
import io.tidegate.processor.ledger.LedgerCounts;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a single key: what {@link SessionsState} does for all keys of a state group, with the same arithmetic.
 *
 * @param query the query; when there are more keys than may be kept, a key is forgotten once its sessions are over
 */
public record SingleKeySessions(SessionsAggregation query) implements SingleKeyAggregation {

    /** The first byte of a state. Before there was one, that byte was 0. */
    private static final int FORMAT = 1;

    @Override
    public int format() {
        return FORMAT;
    }

    @Override
    public Update advance(String key, byte @Nullable [] before, Batch batch) {
        LedgerCounts.Builder ledger = new LedgerCounts.Builder();
        KeyUpdate update = new KeyUpdate(
                batch.full() ? query.forgettingAfter(0) : query, key, batch.timeMs(), batch.seenThroughMs(), ledger);
        KeySessions sessions =
                before == null ? KeySessions.UNKNOWN : SingleKeyState.read(before, FORMAT, KeySessions::read);
        KeySessions after = update.advance(sessions, PartialSession.of(batch.events(), query.gapMs()));
        LedgerCounts.EventCounts counts = ledger.build().total();
        return after == null
                ? new Update(null, NEVER, NEVER, update.results(), counts.applied(), counts.late())
                : new Update(
                        SingleKeyState.write(after, FORMAT, KeySessions::write),
                        after.tickMs(),
                        after.dueMs(),
                        update.results(),
                        counts.applied(),
                        counts.late());
    }
}
