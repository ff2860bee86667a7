package io.tidegate.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.ingest.SourceHealth;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    @Test
    void a_gateway_without_worries_is_ready() {
        Readiness ready = Readiness.of(List.of(), 0, Optional.empty(), List.of());

        assertThat(ready.reply().status()).isEqualTo(200);
        assertThat(body(ready)).isEqualTo("{\"status\":\"ready\"}\n");
    }

    @Test
    void a_full_log_degrades_it() {
        Readiness degraded = Readiness.of(List.of(), 0, Optional.of("the log holds 9 bytes"), List.of());

        assertThat(degraded.reply().status()).isEqualTo(200);
        assertThat(body(degraded))
                .isEqualTo(
                        "{\"status\":\"degraded\",\"reasons\":[\"nothing is acknowledged: the log holds 9 bytes\"]}\n");
    }

    @Test
    void a_ledger_that_does_not_balance_degrades_it() {
        Readiness degraded = Readiness.of(List.of(), 0, Optional.empty(), List.of("the ledger: off by 3"));

        assertThat(degraded.reply().status()).isEqualTo(200);
        assertThat(body(degraded)).contains("degraded", "the ledger: off by 3");
    }

    @Test
    void a_gateway_that_no_source_reaches_cannot_work() {
        Readiness deaf =
                Readiness.of(List.of(new SourceHealth("a"), new SourceHealth("b")), 0, Optional.empty(), List.of());

        assertThat(deaf.reply().status()).isEqualTo(503);
        assertThat(deaf.reasons()).containsExactly("source a: starting", "source b: starting");
    }

    @Test
    void a_gateway_that_reads_its_log_or_stops_cannot_work() {
        assertThat(Readiness.of(List.of(), 3, Optional.empty(), List.of())
                        .reply()
                        .status())
                .isEqualTo(503);
        assertThat(Readiness.stopping().reply().status()).isEqualTo(503);
    }

    private static String body(Readiness readiness) {
        return readiness.reply().body();
    }
}
