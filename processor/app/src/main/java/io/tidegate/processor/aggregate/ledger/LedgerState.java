package io.tidegate.processor.aggregate.ledger;

import io.tidegate.processor.aggregate.GroupState;
import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.aggregate.StateUpdate;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.persistent.SerializationProxy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * A query's ledger since the first batch, as far as its tasks know it (see {@link LedgerPartial}). As a state it survives
 * what the results survive, and a batch that is re-run is not counted twice.
 */
public record LedgerState(LedgerCounts ledger) implements GroupState {

    /** Before the first batch. */
    public static final LedgerState EMPTY = new LedgerState(LedgerCounts.NONE);

    /**
     * The state after a batch; there are no results.
     *
     * @param input a {@link LedgerPartial} or a tick alone
     */
    public StateUpdate<LedgerState> advance(Partial input) {
        if (input instanceof LedgerPartial partial) {
            return new StateUpdate<>(new LedgerState(ledger.plus(partial.counts())), List.of());
        }
        if (input instanceof TickPartial) {
            return new StateUpdate<>(this, List.of());
        }
        throw new IllegalArgumentException(
                "input: " + input.getClass().getSimpleName() + " (expected: LedgerPartial or TickPartial)");
    }

    /** A ledger has no keys. */
    @Override
    public StateSize stateSize() {
        return StateSize.NONE;
    }

    @Override
    public long estimatedSize() {
        return 64 + 120L * ledger.groups().size();
    }

    private Object writeReplace() {
        return new Form().of(this);
    }

    /** How it travels. */
    public static final class Form extends SerializationProxy<LedgerState> {
        private static final long serialVersionUID = 1;

        @Override
        protected void write(LedgerState value, DataOutput out) throws IOException {
            value.ledger.write(out);
        }

        @Override
        protected LedgerState read(DataInput in) throws IOException {
            return new LedgerState(LedgerCounts.read(in));
        }
    }
}
