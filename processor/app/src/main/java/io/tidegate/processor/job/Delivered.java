package io.tidegate.processor.job;

import io.tidegate.processor.partial.LedgerCounts;
import io.tidegate.processor.partial.QueryKey;
import io.tidegate.processor.sink.Receipt;
import io.tidegate.processor.state.StateSize;
import java.io.Serializable;
import java.util.Map;

/**
 * What a task of the output operation tells the driver.
 *
 * @param results what the driver has to do with results
 * @param ledger what each state has counted since the first batch
 * @param held how much each state holds
 */
record Delivered(Receipt results, Map<QueryKey, LedgerCounts> ledger, Map<QueryKey, StateSize> held)
        implements Serializable {}
