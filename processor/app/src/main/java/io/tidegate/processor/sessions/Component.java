package io.tidegate.processor.sessions;

import io.tidegate.processor.partial.Fragment;
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
record Component(List<Session> sessions, List<Fragment> arrivals, long endMs) {

    private record Piece(Fragment events, @Nullable Session session) {}

    /** The connected components, in order of start. */
    static List<Component> of(List<Session> sessions, List<Fragment> arrivals, long gapMs) {
        List<Piece> pieces = new ArrayList<>();
        sessions.forEach(session -> pieces.add(new Piece(session.data(), session)));
        arrivals.forEach(events -> pieces.add(new Piece(events, null)));
        pieces.sort(Comparator.comparingLong(piece -> piece.events.startMs()));
        List<Component> components = new ArrayList<>();
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

    private static Component of(List<Piece> connected, long end) {
        List<Session> sessions = new ArrayList<>();
        List<Fragment> arrivals = new ArrayList<>();
        for (Piece piece : connected) {
            if (piece.session == null) {
                arrivals.add(piece.events);
            } else {
                sessions.add(piece.session);
            }
        }
        return new Component(sessions, arrivals, end);
    }

    /** All arrivals as one piece. */
    Fragment arrived() {
        return arrivals.stream().reduce(Fragment::merge).orElseThrow();
    }
}
