package io.tidegate.processor.job;

import io.tidegate.processor.partial.LedgerCounts;
import io.tidegate.processor.partial.QueryKey;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.state.StateSize;
import java.io.Serializable;
import java.util.List;

/**
 * What a batch comes to for a key of the graph.
 *
 * @param key which
 * @param results to be published, in this order
 * @param ledger what its state has counted since the first batch; empty where it counts nothing
 * @param held how much its state holds
 */
record Outcome(QueryKey key, List<Result> results, LedgerCounts ledger, StateSize held) implements Serializable {

    static Outcome of(QueryKey key, List<Result> results) {
        return new Outcome(key, results, LedgerCounts.NONE, StateSize.NONE);
    }
}
