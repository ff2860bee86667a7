package io.tidegate.processor.query;

import java.io.Serializable;
import java.util.List;

/** What a query makes of the events it counts. All times are milliseconds. */
public sealed interface QueryKind extends Serializable {

    /** For a number of keys or a time: no bound. */
    long UNBOUNDED = Long.MAX_VALUE;

    /** As in {@code kind = …}. */
    String label();

    /** The same with the bounds of its state that a kind of the same sort has. */
    default QueryKind boundedAs(QueryKind other) {
        return this;
    }

    /** A kind that looks back over a window of batch time. */
    sealed interface Windowed extends QueryKind {

        /** How far it looks back. */
        long windowMs();

        /** How often. */
        long slideMs();
    }

    /** A kind that keeps each key until there are too many. */
    sealed interface Bounded extends QueryKind {

        /** How many keys it keeps. */
        long maxKeys();
    }

    /** Events that follow each other within a gap. */
    record Sessions(long gapMs, long allowedLatenessMs, long emitEveryMs, long maxKeys) implements Bounded {
        /** Of as many keys as there are. */
        public Sessions(long gapMs, long allowedLatenessMs, long emitEveryMs) {
            this(gapMs, allowedLatenessMs, emitEveryMs, UNBOUNDED);
        }

        @Override
        public String label() {
            return "sessions";
        }

        @Override
        public QueryKind boundedAs(QueryKind other) {
            return other instanceof Sessions sessions
                    ? new Sessions(gapMs, allowedLatenessMs, emitEveryMs, sessions.maxKeys)
                    : this;
        }
    }

    /** Everything since the beginning. */
    record Totals(long emitEveryMs, long maxKeys, long forgetAfterMs) implements Bounded {
        /** Of as many keys as there are, for ever. */
        public Totals(long emitEveryMs) {
            this(emitEveryMs, UNBOUNDED, UNBOUNDED);
        }

        @Override
        public String label() {
            return "totals";
        }

        @Override
        public QueryKind boundedAs(QueryKind other) {
            return other instanceof Totals totals
                    ? new Totals(emitEveryMs, totals.maxKeys, totals.forgetAfterMs)
                    : this;
        }
    }

    /**
     * Values that are not what the values of their key were in a window of event time before them.
     *
     * @param slideMs after so long what is normal is computed anew; a part of the window
     * @param warmUp how many values there have to be to compare with
     * @param minDeviation the least that counts as a standard deviation of the values
     */
    record Anomaly(long windowMs, long slideMs, int warmUp, double minDeviation, Thresholds thresholds, long maxKeys)
            implements Bounded {

        /**
         * What begins and what ends an anomaly. Scores are distances from zero.
         *
         * @param anomalous a score of so much or more is anomalous
         * @param normal a score of less is normal; at most {@code anomalous}
         * @param minLength so many anomalous values in a row begin an anomaly
         * @param recoverAfter so many normal values in a row end it
         */
        public record Thresholds(double anomalous, double normal, int minLength, int recoverAfter)
                implements Serializable {}

        @Override
        public String label() {
            return "anomaly";
        }

        @Override
        public QueryKind boundedAs(QueryKind other) {
            return other instanceof Anomaly anomaly
                    ? new Anomaly(windowMs, slideMs, warmUp, minDeviation, thresholds, anomaly.maxKeys)
                    : this;
        }
    }

    /** One batch alone. */
    record Counts() implements QueryKind {
        @Override
        public String label() {
            return "counts";
        }
    }

    /** Aggregates of each key in a window. */
    record Window(long windowMs, long slideMs, List<AggregateFunction> compute) implements Windowed {
        /** Keeps its own copy. */
        public Window {
            compute = List.copyOf(compute);
        }

        @Override
        public String label() {
            return "window";
        }
    }

    /** The keys with the most events in a window. */
    record Top(long windowMs, long slideMs, int limit) implements Windowed {
        @Override
        public String label() {
            return "top";
        }
    }
}
