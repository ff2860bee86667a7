package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.aggregate.top.Ranking;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.sink.DeliveryReceipt;
import java.io.Serializable;
import java.util.Map;

/**
 * What a task of the output operation tells the driver.
 *
 * @param results what the driver has to do with results
 * @param rankings of each top query, by its index: that of the task's state groups
 * @param ledger what each state has counted since the first batch
 * @param stateSizes how much each state holds
 */
record TaskReport(
        DeliveryReceipt results,
        Map<Integer, Ranking> rankings,
        Map<QueryKey, LedgerCounts> ledger,
        Map<QueryKey, StateSize> stateSizes)
        implements Serializable {}
