package io.tidegate.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.ops.Ledger.LogLine;
import io.tidegate.gateway.ops.Ledger.SourceLine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LedgerMonitorTest {

    private final AtomicReference<Ledger> ledger = new AtomicReference<>(ledger(10, 0));
    private final AtomicLong nanos = new AtomicLong();
    private final LedgerMonitor ledgerMonitor = new LedgerMonitor(ledger::get, nanos::get);

    @Test
    void a_ledger_is_told_when_it_has_changed_and_only_then() {
        assertThat(ledgerMonitor.look())
                .hasValueSatisfying(body -> assertThat(body).contains("\"received\":10", "\"residual\":0"));
        assertThat(ledgerMonitor.look()).isEmpty();

        ledger.set(ledger(11, 0));

        assertThat(ledgerMonitor.look())
                .hasValueSatisfying(body -> assertThat(body).contains("\"received\":11"));
    }

    @Test
    void a_residual_that_stays_for_longer_than_a_minute_is_an_imbalance_with_its_numbers() {
        ledger.set(ledger(10, 3));
        assertThat(ledgerMonitor.imbalance()).isEmpty();
        pass(Duration.ofSeconds(60));
        assertThat(ledgerMonitor.imbalance()).isEmpty();

        pass(Duration.ofMillis(1));

        assertThat(ledgerMonitor.imbalance())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("source=plant", "received=10", "residual=3")
                        .doesNotContain("LogLine"));
    }

    @Test
    void a_residual_that_passes_is_none() {
        ledger.set(ledger(10, 3));
        ledgerMonitor.look();
        pass(Duration.ofSeconds(50));
        ledger.set(ledger(10, 0));
        ledgerMonitor.look();
        ledger.set(ledger(10, 3));
        pass(Duration.ofSeconds(50));

        assertThat(ledgerMonitor.imbalance()).isEmpty();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static Ledger ledger(long received, long residual) {
        SourceLine plant = new SourceLine("plant", received, received - residual, 0, 0, 0, 0, 0, residual);
        return new Ledger(List.of(plant), new LogLine(10, 0, 10, 0), List.of(), residual);
    }
}
