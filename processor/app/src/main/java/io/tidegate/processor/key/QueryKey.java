package io.tidegate.processor.key;

import java.io.Serializable;

/**
 * The key under which Spark keeps and shuffles everything: one query (or one shared window) and one state group of it.
 *
 * @param query the index of the query, or of the window that several queries share
 * @param stateGroup the state group, from 0; {@link #LEDGER_GROUP} for the ledger of a query
 */
public record QueryKey(int query, int stateGroup) implements Serializable {

    /** The state group under which what became of a query's events goes: its ledger. */
    public static final int LEDGER_GROUP = -1;

    /** The same in every JVM (a record's own hash is not promised to be), so that partitions are stable. */
    @Override
    public int hashCode() {
        return 31 * query + stateGroup;
    }
}
