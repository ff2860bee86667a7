package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.persistent.TimerQueue;
import io.tidegate.processor.result.SessionResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a single key, for an engine that keeps each key's state for itself as bytes and wakes it by a timer: what
 * {@link SessionsState} does for all keys of a state group, with the same arithmetic.
 *
 * @param query the query
 * @param key canonical text
 */
public record SingleKeySessions(SessionsAggregation query, String key) {

    /** The form of the bytes in which a key's state is kept; the first of them. Before there was one, that byte was 0. */
    public static final int FORMAT = 1;

    /** There is nothing to wait for. */
    public static final long NEVER = TimerQueue.NEVER;

    /**
     * What a batch makes of the key.
     *
     * @param state to be kept; null: the key is forgotten
     * @param tickMs when seenThrough is greater than this there is something to do; {@link #NEVER}
     * @param dueMs in a batch of this time or later there is something to publish; {@link #NEVER}
     * @param results to be published, in order of start
     * @param applied events that are in a session
     * @param late events that are in none
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes for Spark; nobody compares turns
    public record Update(
            byte @Nullable [] state, long tickMs, long dueMs, List<SessionResult> results, long applied, long late) {}

    /**
     * The key after a batch.
     *
     * @param before the state that the batch before has left; null: none
     * @param events of the batch, in any order; may be empty
     * @param batchMs the batch's time; not less than that of the batch before
     * @param seenThroughMs every event received before it is in this batch or an earlier one
     * @throws IllegalStateException when {@code before} has another format
     */
    public Update advance(byte @Nullable [] before, List<InputEvent> events, long batchMs, long seenThroughMs) {
        LedgerCounts.Builder ledger = new LedgerCounts.Builder();
        KeyUpdate batch = new KeyUpdate(query, key, batchMs, seenThroughMs, ledger);
        KeySessions after = batch.advance(
                before == null ? KeySessions.UNKNOWN : read(before), PartialSession.of(events, query.gapMs()));
        long applied = 0;
        long late = 0;
        for (LedgerCounts.EventCounts counts : ledger.build().groups().values()) {
            applied += counts.applied();
            late += counts.late();
        }
        return after == null
                ? new Update(null, NEVER, NEVER, batch.results(), applied, late)
                : new Update(bytes(after), after.tickMs(), after.dueMs(), batch.results(), applied, late);
    }

    private static KeySessions read(byte[] state) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(state));
            int format = in.readUnsignedByte();
            if (format != FORMAT) {
                throw new IllegalStateException("the state of a key has format " + format + " (expected: " + FORMAT
                        + "). Way out: the version that wrote it, or --fresh");
            }
            return KeySessions.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the state of a key can't be read", e);
        }
    }

    private static byte[] bytes(KeySessions state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            bytes.write(FORMAT);
            state.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("a state in memory can be written", e);
        }
        return bytes.toByteArray();
    }
}
