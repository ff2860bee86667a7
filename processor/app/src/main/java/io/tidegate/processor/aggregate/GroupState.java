package io.tidegate.processor.aggregate;

import io.tidegate.processor.ledger.LedgerCounts;
import java.io.Serializable;
import org.apache.spark.util.KnownSizeEstimation;

/**
 * What Spark keeps for one query and state group: all its keys. Immutable, so a task that runs twice finds the same state;
 * what a batch did not touch is shared between the states before and after it.
 */
public interface GroupState extends Serializable, KnownSizeEstimation {

    /** What became of the events that this state decided about, since the first batch. */
    LedgerCounts ledger();

    /** How much it holds, and what it has dropped. */
    StateSize stateSize();
}
