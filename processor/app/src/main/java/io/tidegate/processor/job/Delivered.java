package io.tidegate.processor.job;

import io.tidegate.processor.partial.LedgerCounts;
import io.tidegate.processor.partial.QueryKey;
import io.tidegate.processor.result.Message;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a task of the output operation tells the driver.
 *
 * @param published results by the name of their query
 * @param ledger what each state has counted since the first batch
 * @param console lines for the driver's standard output
 * @param files results for files, by the name of their query
 */
record Delivered(
        Map<String, Long> published,
        Map<QueryKey, LedgerCounts> ledger,
        List<String> console,
        Map<String, List<Message>> files)
        implements Serializable {}
