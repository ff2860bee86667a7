package io.tidegate.processor.aggregate.anomalies;

import io.tidegate.processor.aggregate.anomalies.KeyAnomalies.Phase;
import io.tidegate.processor.aggregate.anomalies.KeyAnomalies.Run;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.result.AnomalyResult;
import io.tidegate.processor.result.AnomalyResult.State;
import io.tidegate.processor.result.ResultHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One key in one batch: its values are scored one after the other, each against the panes that had ended before it. Used
 * once, by one thread.
 *
 * <p>A key learns until the panes before the open one have enough values. Each pane that ends makes a new baseline; as long
 * as there are too few values for one, the last stays. A value that comes more than a window after the one before it finds
 * nothing to be compared with: the key learns anew.
 */
final class KeyScoring {

    private final AnomalyAggregation query;
    private final QueryKind.Anomaly kind;
    private final QueryKind.Anomaly.Thresholds thresholds;
    private final String key;
    private final long batchMs;
    private final List<AnomalyResult> results = new ArrayList<>();

    private final List<Pane> panes = new ArrayList<>();
    private @Nullable Baseline baseline;
    private Phase phase = Phase.LEARNING;
    private long sinceMs;
    private Run run = Run.NONE;
    private double worst;
    private long greatestMs = Long.MIN_VALUE;
    private long receivedMs = Long.MIN_VALUE;

    KeyScoring(AnomalyAggregation query, String key, @Nullable KeyAnomalies before, long batchMs) {
        this.query = query;
        kind = query.kind();
        thresholds = kind.thresholds();
        this.key = key;
        this.batchMs = batchMs;
        if (before != null) {
            panes.addAll(before.panes());
            baseline = before.baseline();
            phase = before.phase();
            sinceMs = before.sinceMs();
            run = before.run();
            worst = before.worst();
            greatestMs = before.greatestMs();
            receivedMs = before.receivedMs();
        }
    }

    /**
     * Scores events.
     *
     * @param observations in their order
     * @param ledger takes what becomes of each
     */
    void score(List<Observation> observations, LedgerCounts.Builder ledger) {
        for (Observation observation : observations) {
            boolean late = isLate(observation);
            if (late) {
                ledger.late(observation.keyGroup(), 1);
            } else {
                ledger.applied(observation.keyGroup(), 1);
            }
            receivedMs = Math.max(receivedMs, observation.receivedMs());
            if (!late && !Double.isNaN(observation.value())) {
                score(observation.timeMs(), observation.value());
            }
        }
    }

    /** Whether its pane has left the window. */
    private boolean isLate(Observation observation) {
        return greatestMs != Long.MIN_VALUE && paneOf(observation.timeMs()) < paneOf(greatestMs) - kind.windowMs();
    }

    private long paneOf(long timeMs) {
        return Math.floorDiv(timeMs, kind.slideMs()) * kind.slideMs();
    }

    private void score(long timeMs, double value) {
        if (greatestMs == Long.MIN_VALUE || timeMs > greatestMs + kind.windowMs()) {
            learnFrom(timeMs);
        }
        greatestMs = Math.max(greatestMs, timeMs);
        openPane(paneOf(greatestMs));
        Baseline normal = baseline;
        if (normal != null) {
            double score = normal.score(value);
            if (phase == Phase.LEARNING) {
                phase = Phase.NORMAL;
                publish(State.NORMAL, timeMs, value, score);
            }
            follow(timeMs, value, score);
        }
        add(paneOf(timeMs), value);
    }

    /** Nothing that came before counts any more. */
    private void learnFrom(long timeMs) {
        panes.clear();
        baseline = null;
        run = Run.NONE;
        phase = Phase.LEARNING;
        sinceMs = timeMs;
        publishLearning(timeMs);
    }

    /** Sees to it that the last pane is the one that begins then; the end of another one makes a new baseline. */
    private void openPane(long startMs) {
        if (!panes.isEmpty() && panes.get(panes.size() - 1).startMs() >= startMs) {
            return;
        }
        panes.removeIf(pane -> pane.startMs() < startMs - kind.windowMs());
        if (panes.stream().mapToLong(Pane::given).sum() >= kind.warmUp()) {
            baseline = Baseline.of(values(), kind.minDeviation());
        }
        panes.add(Pane.startingAt(startMs));
    }

    /** What all panes have kept. */
    private double[] values() {
        double[] values = new double[panes.stream().mapToInt(Pane::size).sum()];
        int filled = 0;
        for (Pane pane : panes) {
            pane.copyInto(values, filled);
            filled += pane.size();
        }
        return values;
    }

    /** Adds a value to its pane, which need not be the last one. */
    private void add(long startMs, double value) {
        int place = panes.size() - 1;
        while (place >= 0 && panes.get(place).startMs() > startMs) {
            place--;
        }
        if (place >= 0 && panes.get(place).startMs() == startMs) {
            panes.set(place, panes.get(place).plus(value));
        } else {
            panes.add(place + 1, Pane.startingAt(startMs).plus(value));
        }
    }

    /** Counts the values in a row that speak for another phase; enough of them are one. */
    private void follow(long timeMs, double value, double score) {
        boolean anomalous = phase == Phase.ANOMALOUS;
        if (anomalous && timeMs < sinceMs) {
            return; // out of order: it says nothing about the end
        }
        if (anomalous) {
            worst = KeyAnomalies.further(worst, score);
        }
        boolean otherwise =
                anomalous ? Math.abs(score) < thresholds.normal() : Math.abs(score) >= thresholds.anomalous();
        run = otherwise ? run.plus(timeMs, score) : Run.NONE;
        if (!anomalous && run.length() >= thresholds.minLength()) {
            phase = Phase.ANOMALOUS;
            sinceMs = run.sinceMs();
            worst = run.worst();
            run = Run.NONE;
            publish(State.ANOMALOUS, timeMs, value, score);
        } else if (anomalous && run.length() >= thresholds.recoverAfter()) {
            phase = Phase.NORMAL;
            publish(State.RECOVERED, timeMs, value, score);
            run = Run.NONE;
        }
    }

    private void publish(State state, long timeMs, double value, double score) {
        Baseline normal = Objects.requireNonNull(baseline, "a score has one");
        double band = thresholds.anomalous() * normal.deviation();
        AnomalyResult.Score figures =
                new AnomalyResult.Score(value, score, normal.median(), normal.median() - band, normal.median() + band);
        AnomalyResult.End end = state == State.RECOVERED ? new AnomalyResult.End(run.sinceMs(), worst) : null;
        results.add(new AnomalyResult(header(state), state, sinceMs, timeMs, figures, end));
    }

    private void publishLearning(long timeMs) {
        results.add(new AnomalyResult(header(State.LEARNING), State.LEARNING, sinceMs, timeMs, null, null));
    }

    /** An answer has two versions at most: how it began and how it ended. */
    private ResultHeader header(State state) {
        boolean begins = state == State.LEARNING || state == State.ANOMALOUS;
        return new ResultHeader(query.subject(), key, begins ? 1 : 2, batchMs);
    }

    /** What is to be published, in order. */
    List<AnomalyResult> results() {
        return results;
    }

    /** What is remembered after the batch; null when no event of the key has ever had a value. */
    @Nullable
    KeyAnomalies after() {
        return greatestMs == Long.MIN_VALUE
                ? null
                : new KeyAnomalies(List.copyOf(panes), baseline, phase, sinceMs, run, worst, greatestMs, receivedMs);
    }

    /** What is published of a key that is dropped or forgotten: an anomaly of which no end will be known. */
    static List<AnomalyResult> finalResults(AnomalyAggregation query, String key, KeyAnomalies last, long batchMs) {
        if (last.phase() != Phase.ANOMALOUS) {
            return List.of();
        }
        KeyScoring scoring = new KeyScoring(query, key, null, batchMs);
        scoring.learnFrom(last.greatestMs());
        return scoring.results();
    }
}
