package io.tidegate.processor.aggregate.sessions;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of a key and arrivals of one batch that are connected by the gap.
 *
 * @param sessions in order of start, which is the order of identity as well: an identity lies within its session
 * @param arrivals in order of start
 * @param endMs the time of the last event of all
 */
record ConnectedSessions(List<Session> sessions, List<PartialSession> arrivals, long endMs) {

    private record Piece(PartialSession events, @Nullable Session session) {}

    /** The connected components, in order of start. */
    static List<ConnectedSessions> of(List<Session> sessions, List<PartialSession> arrivals, long gapMs) {
        List<Piece> pieces = new ArrayList<>();
        sessions.forEach(session -> pieces.add(new Piece(session.data(), session)));
        arrivals.forEach(events -> pieces.add(new Piece(events, null)));
        pieces.sort(Comparator.comparingLong(piece -> piece.events.startMs()));
        List<ConnectedSessions> components = new ArrayList<>();
        List<Piece> connected = new ArrayList<>();
        long end = Long.MIN_VALUE;
        for (Piece piece : pieces) {
            if (!connected.isEmpty() && piece.events.startMs() > end + gapMs) {
                components.add(of(connected, end));
                connected.clear();
                end = Long.MIN_VALUE;
            }
            connected.add(piece);
            end = Math.max(end, piece.events.endMs());
        }
        if (!connected.isEmpty()) {
            components.add(of(connected, end));
        }
        return components;
    }

    private static ConnectedSessions of(List<Piece> connected, long end) {
        List<Session> sessions = new ArrayList<>();
        List<PartialSession> arrivals = new ArrayList<>();
        for (Piece piece : connected) {
            if (piece.session == null) {
                arrivals.add(piece.events);
            } else {
                sessions.add(piece.session);
            }
        }
        return new ConnectedSessions(sessions, arrivals, end);
    }

    /** All arrivals as one piece. */
    PartialSession arrived() {
        return arrivals.stream().reduce(PartialSession::merge).orElseThrow();
    }
}
