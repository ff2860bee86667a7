package io.tidegate.simulator.load;

import io.tidegate.simulator.local.SystemFolder;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What the processor computes in a run of phase {@code growth}; the queries are in {@code growth.conf}. */
enum GrowthQuery {
    /** Sessions on DStreams. */
    SESSIONS,
    /** Totals. */
    TOTALS,
    /** A window of 60 s. */
    WINDOW,
    /** The same window, and the ten busiest keys of it: what this costs more than the window is what the list costs. */
    TOP,
    /** Sessions on Structured Streaming. */
    STRUCTURED;

    /** More keys than these have no result each within a second. */
    private static final int MOST_KEYS_EACH_SECOND = 100_000;

    /** As it is written in options and reports. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The query in {@code growth.conf} whose keys count. */
    String query() {
        return "growth-" + label();
    }

    /** The queries in {@code growth.conf} that run together. */
    List<String> queries() {
        return this == TOP ? List.of(WINDOW.query(), TOP.query()) : List.of(query());
    }

    /** The settings of a processor, of which it shall take {@link #queries()}. */
    static String settings(int readingsAMessage, int slideSeconds) throws IOException {
        return SystemFolder.resource(GrowthQuery.class, "growth.conf")
                .replace("@places@", Integer.toString(readingsAMessage))
                .replace("@slide@", Integer.toString(slideSeconds));
    }

    /** How often a window slides over so many keys. */
    static int slideSeconds(int keys) {
        return keys > MOST_KEYS_EACH_SECOND ? 10 : 1;
    }
}
