package io.tidegate.simulator.oracle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The sessions of one key. Which events are late depends on the watermark at the start of the batch that brings them, and
 * nobody knows the batches beforehand. A shorter batch has a later watermark and connects less, so it makes more events
 * late. Both extremes are computed, each event in a batch by itself and a whole phase in one batch; where they agree, every
 * division into batches between them gives the same, and where they don't, the scenario does not decide the answer.
 */
final class SessionWindows {
    private final long gapMs;
    private final long latenessMs;
    private final List<Window> over = new ArrayList<>();
    private List<Window> live = new ArrayList<>();
    private long late;
    private long greatestMs = Long.MIN_VALUE;

    private SessionWindows(long gapMs, long latenessMs) {
        this.gapMs = gapMs;
        this.latenessMs = latenessMs;
    }

    /** What is known of a key: the events of each of its sessions, and how many events are late. */
    record Outcome(Set<List<Row>> sessions, long late) {}

    /**
     * The sessions of a key's events.
     *
     * @param rows in the order in which they are sent
     * @return empty when they depend on the batches
     */
    static Optional<Outcome> of(List<Row> rows, long gapMs, long latenessMs) {
        if (rows.stream().anyMatch(Row::clamped)) {
            return Optional.empty();
        }
        Map<Integer, List<Row>> phases =
                rows.stream().collect(Collectors.groupingBy(Row::phase, LinkedHashMap::new, Collectors.toList()));
        SessionWindows coarse = new SessionWindows(gapMs, latenessMs);
        phases.values().forEach(coarse::batch);
        SessionWindows fine = new SessionWindows(gapMs, latenessMs);
        // Events of one sender keep their order; those of several may overtake each other by a whole phase.
        boolean ordered = rows.stream().map(Row::source).distinct().count() <= 1;
        for (List<Row> phase : phases.values()) {
            if (!ordered) {
                phase.forEach(row -> fine.greatestMs = Math.max(fine.greatestMs, row.timeMs()));
            }
            phase.forEach(row -> fine.batch(List.of(row)));
        }
        Outcome outcome = coarse.outcome();
        return outcome.equals(fine.outcome()) ? Optional.of(outcome) : Optional.empty();
    }

    private Outcome outcome() {
        List<Window> all = new ArrayList<>(over);
        all.addAll(live);
        return new Outcome(all.stream().map(Window::inOrder).collect(Collectors.toSet()), late);
    }

    private void batch(List<Row> arrivals) {
        long watermark = watermark();
        List<Window> pieces = new ArrayList<>(live);
        arrivals.forEach(row -> pieces.add(new Window(row)));
        List<Window> next = new ArrayList<>();
        for (List<Window> touching : Session.split(pieces, piece -> piece.startMs, piece -> piece.endMs, gapMs)) {
            next.addAll(decide(touching, watermark));
        }
        arrivals.forEach(row -> greatestMs = Math.max(greatestMs, row.timeMs()));
        live = new ArrayList<>();
        for (Window window : next) {
            window.isNew = false;
            (window.endMs + gapMs < watermark() ? over : live).add(window);
        }
    }

    /** What windows that touch each other become: one session, or those that were there already and late events. */
    private List<Window> decide(List<Window> touching, long watermark) {
        long endMs = touching.stream().mapToLong(piece -> piece.endMs).max().orElseThrow();
        List<Window> before = touching.stream().filter(piece -> !piece.isNew).toList();
        if (before.size() == touching.size()) {
            return before;
        }
        if (endMs + gapMs <= watermark) {
            late += touching.size() - before.size();
            return before;
        }
        Window first = touching.get(0);
        touching.subList(1, touching.size()).forEach(first::add);
        return List.of(first);
    }

    private long watermark() {
        return greatestMs == Long.MIN_VALUE ? Long.MIN_VALUE : greatestMs - latenessMs;
    }

    /** Events without a pause longer than the gap. */
    private static final class Window {
        private final List<Row> rows = new ArrayList<>();
        private final long startMs;
        private long endMs;
        private boolean isNew = true;

        Window(Row row) {
            rows.add(row);
            startMs = row.timeMs();
            endMs = row.timeMs();
        }

        void add(Window later) {
            rows.addAll(later.rows);
            endMs = Math.max(endMs, later.endMs);
        }

        /** By time; of the same time, as they were sent. */
        List<Row> inOrder() {
            Set<Row> sorted =
                    new TreeSet<>(Comparator.comparingLong(Row::timeMs).thenComparingLong(Row::number));
            sorted.addAll(rows);
            return List.copyOf(sorted);
        }
    }
}
