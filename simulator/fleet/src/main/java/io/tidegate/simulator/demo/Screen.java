package io.tidegate.simulator.demo;

import io.tidegate.simulator.watch.Result;
import io.tidegate.simulator.watch.Result.Kind;
import io.tidegate.simulator.watch.ResultFormatter;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Shows results at a pace that a person can read: one line of each query a second at most, but every session that closes;
 * the oracle's tally every few seconds, but its first complaints at once. Counts all of them. Thread-safe.
 */
final class Screen {
    private static final long PAUSE_MS = 1_000;
    private static final long TALLY_PAUSE_MS = 5_000;
    private static final int COMPLAINTS = 5;
    private static final int MOST_IDS = 10_000;

    private final PrintStream out;
    private final ResultFormatter line;
    private final LongSupplier clockMs;
    private final Map<String, Long> shownAtMs = new HashMap<>();
    private final Map<Kind, Long> seen = new EnumMap<>(Kind.class);
    private final Newly opened = new Newly();
    private final Newly closed = new Newly();
    private int complaints;

    /** Has shown nothing yet. The clock is one in milliseconds that never goes back. */
    Screen(PrintStream out, ResultFormatter line, LongSupplier clockMs) {
        this.out = out;
        this.line = line;
        this.clockMs = clockMs;
    }

    synchronized void show(Result result) {
        seen.merge(result.kind(), 1L, Long::sum);
        boolean closes = count(result);
        if (closes || isDue(result)) {
            out.println(line.of(result));
        }
    }

    /** Shows how many results of a query the oracle has judged. */
    synchronized void showTally(Result result, String tally, boolean right) {
        if (isDue("oracle", TALLY_PAUSE_MS)) {
            out.println(line.verdict(result, tally, right));
        }
    }

    /** Shows what is wrong with a result, as long as there are few of them. */
    synchronized void showComplaint(Result result, String complaint) {
        if (complaints++ < COMPLAINTS) {
            out.println(line.verdict(result, "WRONG " + complaint, false));
        }
    }

    /** Says something that is no result. */
    synchronized void say(String text) {
        out.println(text);
    }

    /** Results seen, without presence, status and ledgers. */
    synchronized long results() {
        return seen.entrySet().stream()
                .filter(entry -> results(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static boolean results(Kind kind) {
        return kind != Kind.DEVICE && kind != Kind.STATUS && kind != Kind.LEDGER && kind != Kind.OTHER;
    }

    synchronized long sessionsOpened() {
        return opened.count;
    }

    synchronized long sessionsClosed() {
        return closed.count;
    }

    private boolean count(Result result) {
        if (result.kind() != Kind.SESSION) {
            return false;
        }
        String id = result.body().path("id").asText();
        opened.add(id);
        return result.body().path("state").asText().equals("closed") && closed.add(id);
    }

    private boolean isDue(Result result) {
        // Of a query; of presence, status and ledgers, which are of none, the kind.
        String feed =
                result.kind() + (results(result.kind()) ? " " + result.levels().get(2) : "");
        return isDue(feed, PAUSE_MS);
    }

    private boolean isDue(String feed, long pauseMs) {
        long now = clockMs.getAsLong();
        Long before = shownAtMs.get(feed);
        if (before != null && now - before < pauseMs) {
            return false;
        }
        shownAtMs.put(feed, now);
        return true;
    }

    /** Counts ids, each once, as long as not too many others come between: a demo may run for days. */
    private static final class Newly {
        private final Map<String, Boolean> known = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > MOST_IDS;
            }
        };
        private long count;

        /** Whether it is a new one. */
        boolean add(String id) {
            boolean isNew = known.put(id, true) == null;
            count += isNew ? 1 : 0;
            return isNew;
        }
    }
}
