package io.tidegate.processor.aggregate.anomalies;

import io.tidegate.processor.aggregate.SingleKeyAggregation;
import io.tidegate.processor.aggregate.SingleKeyState;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.result.Result;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a single key stands: what {@link AnomaliesState} does for all keys of a state group, with the same arithmetic.
 *
 * @param query the query; when there are more keys than may be kept, a key is forgotten after a window without events
 */
public record SingleKeyAnomalies(AnomalyAggregation query) implements SingleKeyAggregation {

    private static final int FORMAT = 1;

    @Override
    public int format() {
        return FORMAT;
    }

    @Override
    public Update advance(String key, byte @Nullable [] before, Batch batch) {
        KeyAnomalies last = before == null ? null : SingleKeyState.read(before, FORMAT, KeyAnomalies::read);
        LedgerCounts.Builder ledger = new LedgerCounts.Builder();
        KeyScoring scoring = new KeyScoring(query, key, last, batch.timeMs());
        scoring.score(
                batch.events().stream()
                        .map(Observation::of)
                        .sorted(Observation.ORDER)
                        .toList(),
                ledger);
        List<Result> results = new ArrayList<>(scoring.results());
        KeyAnomalies after = scoring.after();
        long forgetAfterMs = batch.full() ? query.kind().windowMs() : query.forgetAfterMs();
        if (after != null && batch.seenThroughMs() > after.receivedMs() + forgetAfterMs) {
            results.addAll(KeyScoring.finalResults(query, key, after, batch.timeMs()));
            after = null;
        }
        LedgerCounts.EventCounts counts = ledger.build().total();
        return after == null
                ? new Update(null, NEVER, NEVER, results, counts.applied(), counts.late())
                : new Update(
                        SingleKeyState.write(after, FORMAT, KeyAnomalies::write),
                        after.receivedMs() + forgetAfterMs,
                        NEVER,
                        results,
                        counts.applied(),
                        counts.late());
    }
}
