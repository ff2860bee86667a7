package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.result.SessionResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key in one batch. Used once, by one thread.
 *
 * <p>Lateness is decided per connected component of the batch's events and the sessions that they may still join, against
 * the watermark as it stood at the start of the batch: a component is late when its last event + gap is at or before that
 * watermark. Deciding event by event would make the answer depend on the order within a batch, which is not defined: an
 * old event is late when it comes first, and joins a session when the event that connects the two came before it.
 */
final class KeyUpdate {

    private final SessionsAggregation query;
    private final String key;
    private final long batchMs;
    private final long seenThroughMs;

    private final List<Session> sessions = new ArrayList<>();
    private final List<SessionResult> results = new ArrayList<>();
    private final LedgerCounts.Builder ledger;

    /**
     * One key.
     *
     * @param ledger takes what becomes of its events
     */
    KeyUpdate(SessionsAggregation query, String key, long batchMs, long seenThroughMs, LedgerCounts.Builder ledger) {
        this.query = query;
        this.key = key;
        this.batchMs = batchMs;
        this.seenThroughMs = seenThroughMs;
        this.ledger = ledger;
    }

    /** What is remembered after the batch; null when the key is forgotten. Call it once. */
    @Nullable
    KeySessions advance(KeySessions before, List<PartialSession> arrivals) {
        long late = before.lateWaiting() + join(before, arrivals);
        late = countLate(late);
        long greatest = before.greatestMs();
        long received = before.lastReceivedMs();
        for (PartialSession events : arrivals) {
            greatest = Math.max(greatest, events.endMs());
            received = Math.max(received, events.lastReceivedMs());
        }
        close(KeySessions.watermarkMs(greatest, query));
        results.sort(Comparator.comparingLong(SessionResult::startMs));
        if (seenThroughMs > received + query.forgetAfterMs()) {
            return null;
        }
        return new KeySessions(List.copyOf(sessions), greatest, received, late, 0).awaiting(query);
    }

    /** What is to be published, in order of start. */
    List<SessionResult> results() {
        return results;
    }

    /** Lets the arrivals join; returns how many events are late. */
    private long join(KeySessions before, List<PartialSession> arrivals) {
        long watermark = KeySessions.watermarkMs(before.greatestMs(), query);
        long late = 0;
        for (ConnectedSessions component : ConnectedSessions.of(before.live(), arrivals, query.gapMs())) {
            if (component.arrivals().isEmpty()) {
                sessions.addAll(component.sessions());
            } else if (component.endMs() + query.gapMs() <= watermark) {
                sessions.addAll(component.sessions());
                PartialSession arrived = component.arrived();
                late += arrived.events();
                arrived.keyGroups().forEach(ledger::late);
            } else {
                sessions.add(joined(component));
                component.arrived().keyGroups().forEach(ledger::applied);
            }
        }
        return late;
    }

    private Session joined(ConnectedSessions component) {
        PartialSession arrived = component.arrived();
        if (component.sessions().isEmpty()) {
            return Session.startedBy(arrived);
        }
        Session oldest = component.sessions().get(0);
        Session all = oldest.joinedBy(arrived, query);
        for (Session younger :
                component.sessions().subList(1, component.sessions().size())) {
            results.add(younger.published(batchMs).mergedInto(oldest, query, key));
            all = all.joinedBy(younger);
        }
        return all;
    }

    /** Counts late events in the earliest open session; returns how many must wait for one. */
    private long countLate(long late) {
        if (late == 0) {
            return 0;
        }
        for (int i = 0; i < sessions.size(); i++) {
            if (sessions.get(i).open()) {
                sessions.set(i, sessions.get(i).withLate(late, query));
                return 0;
            }
        }
        return late;
    }

    /** Closes and publishes what is due; sessions that nothing can join any more are gone afterwards. */
    private void close(long watermark) {
        List<Session> live = new ArrayList<>();
        for (Session session : sessions) {
            boolean over = watermark > session.data().endMs() + query.gapMs();
            boolean silent = seenThroughMs > session.silentAfterMs(query);
            Session now = session.open() && (over || silent) ? session.closed() : session;
            if (now.dueMs() <= batchMs) {
                now = now.published(batchMs);
                results.add(now.result(query, key));
            }
            if (!over) {
                live.add(now);
            }
        }
        sessions.clear();
        sessions.addAll(live);
    }
}
