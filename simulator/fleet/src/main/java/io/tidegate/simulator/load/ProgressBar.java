package io.tidegate.simulator.load;

import java.io.PrintStream;
import java.util.Locale;

/** How far a phase is: one line that is written over and over on a terminal; elsewhere nothing but its beginning. */
final class ProgressBar {
    private static final int WIDTH = 30;
    private static final double EVERY_S = 0.5;

    private final PrintStream out;
    private final boolean terminal;
    private final double totalSeconds;
    private final String phase;
    private double shownAt;
    private long takenThen;
    private boolean shown;

    /** Tells of the beginning. */
    ProgressBar(PrintStream out, boolean terminal, String phase, double totalSeconds) {
        this.out = out;
        this.terminal = terminal;
        this.phase = phase;
        this.totalSeconds = totalSeconds;
        if (!terminal) {
            out.printf(Locale.ROOT, "%s: %.0f s ...%n", phase, totalSeconds);
        }
    }

    /** So many messages have been sent and taken by then. */
    void show(double seconds, long sent, long taken) {
        if (!terminal || seconds - shownAt < EVERY_S) {
            return;
        }
        int filled = (int) Math.min(WIDTH, Math.round(WIDTH * seconds / totalSeconds));
        out.printf(
                Locale.ROOT,
                "\r%-10s [%s%s] %3.0f of %.0f s  %,8.0f messages/s  %,d under way\u001b[K",
                phase,
                "=".repeat(filled),
                " ".repeat(WIDTH - filled),
                Math.min(seconds, totalSeconds),
                totalSeconds,
                (taken - takenThen) / (seconds - shownAt),
                Math.max(0, sent - taken));
        out.flush();
        shownAt = seconds;
        takenThen = taken;
        shown = true;
    }

    /** The line goes; what comes next takes its place. */
    void done() {
        if (shown) {
            out.print("\r\u001b[K");
            shown = false;
        }
    }
}
