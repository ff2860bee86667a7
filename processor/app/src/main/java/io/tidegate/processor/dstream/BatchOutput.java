package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.result.Result;
import java.io.Serializable;
import java.util.List;

/**
 * What a batch comes to for a key of the graph.
 *
 * @param key which
 * @param results to be published, in this order
 * @param ledger what its state has counted since the first batch; empty where it counts nothing
 * @param stateSize how much its state holds
 */
record BatchOutput(QueryKey key, List<Result> results, LedgerCounts ledger, StateSize stateSize)
        implements Serializable {}
