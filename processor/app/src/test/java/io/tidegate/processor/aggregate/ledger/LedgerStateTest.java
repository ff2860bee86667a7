package io.tidegate.processor.aggregate.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.aggregate.Partial;
import io.tidegate.processor.aggregate.TickPartial;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.persistent.Serialized;
import io.tidegate.processor.query.FilterReason;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LedgerStateTest {

    @Test
    void a_ledger_accumulates_and_a_tick_changes_nothing() {
        LedgerCounts.Builder batch = new LedgerCounts.Builder();
        batch.applied(1, 5);
        batch.filtered(1, FilterReason.WHERE, 2);

        LedgerPartial input = new LedgerPartial(batch.build(), Partial.NO_TICK);
        LedgerState once = LedgerState.EMPTY.advance(input).state();
        LedgerState twice = once.advance(input).state();
        LedgerState ticked = twice.advance(new TickPartial(3, 3)).state();

        assertThat(ticked.ledger().groups())
                .isEqualTo(new TreeMap<>(Map.of(1, new LedgerCounts.EventCounts(10, 0, 4))));
        assertThat(Serialized.again(ticked)).isEqualTo(ticked);
        assertThat(once).isNotEqualTo(twice);
    }
}
