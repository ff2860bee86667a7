package io.tidegate.processor.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.ledger.Ledger.QueryAccount;
import io.tidegate.processor.ledger.Ledger.Row;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class LedgerMonitorTest {

    private final AtomicReference<Ledger> ledger = new AtomicReference<>(Ledger.NONE);
    private final AtomicLong nanos = new AtomicLong();
    private final LedgerMonitor monitor = new LedgerMonitor(ledger::get, nanos::get);

    @Test
    void a_residual_that_stays_for_longer_than_a_minute_is_an_imbalance_with_its_numbers() {
        ledger.set(ledger(5));
        monitor.look();
        pass(Duration.ofSeconds(60));
        assertThat(monitor.imbalance()).isEmpty();

        pass(Duration.ofMillis(1));

        assertThat(monitor.imbalance())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("batch 7000", "totals Row[keyGroup=2, pulled=10", "residual=5")
                        .doesNotContain("keyGroup=1"));
    }

    @Test
    void a_residual_that_passes_is_none() {
        ledger.set(ledger(5));
        monitor.look();
        pass(Duration.ofSeconds(50));
        ledger.set(ledger(0));
        monitor.look();
        ledger.set(ledger(5));
        pass(Duration.ofSeconds(50));

        assertThat(monitor.imbalance()).isEmpty();
    }

    @Test
    void the_ledger_is_one_document_of_queries_and_key_groups() {
        ledger.set(ledger(5));

        assertThat(monitor.json()).contains("\"batch\":7000", "\"query\":\"totals\"", "\"residual\":5");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static Ledger ledger(long residual) {
        Row balanced = new Row(1, 4, 4, 0, 0, 0);
        Row off = new Row(2, 10, 10 - residual, 0, 0, residual);
        return new Ledger(
                7_000,
                List.of(new QueryAccount(
                        "totals", 14, 14 - residual, 0, 0, residual, new TreeMap<>(), List.of(balanced, off))),
                residual);
    }
}
