package io.tidegate.simulator.verify;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * How many injected faults a query of kind {@code anomaly} has found.
 *
 * @param unexplained anomalies that no injected fault explains; programs read them as {@code false}
 */
public record Detection(
        Found spike,
        Found drift,
        Found dropout,
        @JsonProperty("false") long unexplained) {

    /** How many faults of one kind an anomaly shows, and how many none. */
    public record Found(long found, long missed) {
        private String text() {
            return String.format(Locale.ROOT, "%,d of %,d", found, found + missed);
        }
    }

    /** One line for people. */
    String text() {
        return String.format(
                Locale.ROOT,
                "spike %s found, drift %s, dropout %s, false %,d",
                spike.text(),
                drift.text(),
                dropout.text(),
                unexplained);
    }
}
