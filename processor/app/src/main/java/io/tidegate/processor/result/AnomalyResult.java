package io.tidegate.processor.result;

import java.io.IOException;
import java.io.Serializable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a key stands: that it is learned what is normal for it, or that it is anomalous. An answer is about one time of
 * learning, which ends as {@link State#NORMAL}, or about one anomaly, which ends as {@link State#RECOVERED}.
 *
 * @param sinceMs event time of the first value of it
 * @param timeMs event time of the value that says so
 * @param score of that value; null while learning
 * @param end of an anomaly that is over
 */
public record AnomalyResult(
        ResultHeader header,
        State state,
        long sinceMs,
        long timeMs,
        @Nullable Score score,
        @Nullable End end) implements Result {

    /** How a key stands. */
    public enum State {
        /** There are too few values to compare with. */
        LEARNING,
        /** There are enough. */
        NORMAL,
        /** Its values are not what they were. */
        ANOMALOUS,
        /** They are again. */
        RECOVERED
    }

    /**
     * A value and what it is compared with.
     *
     * @param score how many deviations it is above what is expected, or, negative, below
     * @param expected the median of the values before
     * @param low the least value that is no anomaly
     * @param high the greatest one
     */
    public record Score(double value, double score, double expected, double low, double high) implements Serializable {}

    /**
     * The end of an anomaly.
     *
     * @param untilMs event time of the first value that was normal again
     * @param worst the score furthest from zero
     */
    public record End(long untilMs, double worst) implements Serializable {}

    @Override
    public String kind() {
        return "anomalies";
    }

    @Override
    public String id() {
        return header.path() + "/" + sinceMs;
    }

    @Override
    public boolean retained() {
        return true;
    }

    @Override
    public void writeFields(FieldWriter writer) throws IOException {
        writer.text("state", state.name().toLowerCase(Locale.ROOT));
        writer.time("since", sinceMs);
        writer.time("time", timeMs);
        if (score != null) {
            writer.number("value", score.value);
            writer.number("score", score.score);
            writer.number("expected", score.expected);
            writer.number("low", finite(score.low));
            writer.number("high", finite(score.high));
        }
        if (end != null) {
            writer.time("until", end.untilMs);
            writer.number("worst", end.worst);
        }
    }

    /** JSON has no other numbers. */
    private static @Nullable Double finite(double number) {
        return Double.isFinite(number) ? number : null;
    }
}
