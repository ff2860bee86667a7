package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.aggregate.top.Ranking;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.result.Result;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a batch comes to for a query and state group.
 *
 * @param key which
 * @param results to be published, in this order
 * @param ranking of a top query: its part of the one result that the driver makes of all state groups; null otherwise
 * @param ledger what its state has counted since the first batch; empty where it counts nothing
 * @param stateSize how much its state holds
 */
record BatchOutput(
        QueryKey key, List<Result> results, @Nullable Ranking ranking, LedgerCounts ledger, StateSize stateSize)
        implements Serializable {

    static BatchOutput of(QueryKey key, List<Result> results) {
        return new BatchOutput(key, results, null, LedgerCounts.NONE, StateSize.NONE);
    }

    static BatchOutput ranked(QueryKey key, Ranking ranking) {
        return new BatchOutput(key, List.of(), ranking, LedgerCounts.NONE, StateSize.NONE);
    }

    BatchOutput holding(StateSize size) {
        return new BatchOutput(key, results, ranking, ledger, size);
    }
}
