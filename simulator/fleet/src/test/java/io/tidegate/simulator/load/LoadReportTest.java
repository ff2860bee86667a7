package io.tidegate.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.simulator.load.PhaseResult.Counts;
import io.tidegate.simulator.load.PhaseResult.Rates;
import io.tidegate.simulator.load.PhaseResult.RecoveryFigures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LoadReportTest {
    private static final LoadShape SHAPE =
            new LoadShape(10, 2, 1, 1, OptionalDouble.of(100), Duration.ofSeconds(5), Duration.ofSeconds(20), 1_000);

    @Test
    void programs_get_rates_counts_and_what_else_is_known_of_a_phase() {
        PhaseResult gateway = phase(10, 10).withTaken(10).comparedWith(4).withLedgers(10L, Map.of("gateway", 0L));

        assertThat(LoadReport.of("mosquitto", SHAPE, List.of(gateway)).json()).isEqualTo("""
                {"broker":"mosquitto","devices":10,"clients":2,"readingsPerMessage":1,"rate":100.0,\
                "warmUpSeconds":5.0,"seconds":20.0,"right":true,"phases":[\
                {"phase":"gateway","messagesPerSecond":2.0,"readingsPerSecond":2.0,"ratio":0.5,\
                "cpuMicrosPerMessage":{"gateway":3.0},"sent":10,"acknowledged":10,"taken":10,"lost":0,"duplicates":0,\
                "durable":10,"residuals":{"gateway":0}}]}""");
    }

    @Test
    void what_is_unknown_is_absent_and_latencies_are_milliseconds() {
        Histogram nanos = new Histogram(3);
        nanos.recordValueWithCount(1_000_000, 99);
        nanos.recordValue(8_000_000);

        PhaseResult.LatencyFigures latency = PhaseResult.LatencyFigures.of(nanos);

        assertThat(latency.readings()).isEqualTo(100);
        assertThat(latency.p50()).isBetween(1.0, 1.001);
        assertThat(latency.p99()).isBetween(1.0, 1.001);
        assertThat(latency.max()).isBetween(8.0, 8.008);
        assertThat(LoadReport.of("b", SHAPE, List.of(phase(1, 1))).json())
                .doesNotContain("ratio", "durable", "latencyMs", "batches", "gatewayMiB", "recovery", "residuals");
    }

    @Test
    void people_read_how_long_a_recovery_took_by_the_program_that_was_killed() {
        PhaseResult recovery = phase(10, 10).withRecovery(Map.of("processor", new RecoveryFigures(8.06, 12.34)));

        assertThat(LoadReport.of("b", SHAPE, List.of(recovery)).text())
                .contains("gateway: processor killed: results again after 8.1 s, caught up after 12.3 s\n");
        assertThat(LoadReport.of("b", SHAPE, List.of(recovery)).json())
                .contains("\"recovery\":{\"processor\":{\"firstResultSeconds\":8.06,\"caughtUpSeconds\":12.34}}");
    }

    @Test
    void a_run_is_right_when_nothing_is_lost_or_twice_or_unexplained() {
        assertThat(phase(10, 10).withTaken(10).isRight()).isTrue();
        assertThat(phase(10, 10).withTaken(9).isRight()).isFalse();
        assertThat(phase(10, 10).withTaken(11).isRight()).isFalse();
        assertThat(phase(10, 9).withTaken(10).isRight()).isFalse();
        assertThat(phase(10, 10)
                        .withTaken(10)
                        .withLedgers(10L, Map.of("gateway", 1L))
                        .isRight())
                .isFalse();
    }

    private static PhaseResult phase(long sent, long acknowledged) {
        Rates rates = new Rates(2, 2, null, Map.of("gateway", 3.0));
        return PhaseResult.of(Phase.GATEWAY, rates, Counts.sent(sent, acknowledged));
    }
}
