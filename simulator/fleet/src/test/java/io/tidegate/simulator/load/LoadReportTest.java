package io.tidegate.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.simulator.load.PhaseResult.Counts;
import io.tidegate.simulator.load.PhaseResult.Rates;
import io.tidegate.simulator.load.PhaseResult.RecoveryFigures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LoadReportTest {
    private static final LoadShape SHAPE = new LoadShape(
            10,
            2,
            1,
            1,
            OptionalDouble.of(100),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            1_000,
            new GrowthShape(List.of(1_000), Set.of(GrowthQuery.TOTALS), 50, 500));

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

    @Test
    void each_run_of_growth_has_a_line_and_one_that_failed_says_why() {
        PhaseResult grown = PhaseResult.of(
                        Phase.GROWTH, new Rates(20, 1_000, null, Map.of()), Counts.sent(5_000, 5_000))
                .withTaken(5_000)
                .withResults(null, new BatchTimes.Figures(20, 30, 40, 90, 1, 2, 0))
                .withGrowth(
                        new GrowthFigures("totals", 100, 1, new GrowthFigures.Held(1.5, 60.0, 400.0, 100, 0.5), null));
        PhaseResult failed = PhaseResult.of(Phase.GROWTH, new Rates(0, 0, null, Map.of()), Counts.sent(0, 0))
                .withGrowth(new GrowthFigures("totals", 200, 1, null, "processor ended"));

        LoadReport report = LoadReport.of("b", SHAPE, List.of(grown, failed));

        assertThat(report.text().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains("totals 100 1,000 40 90 0 1.5 60 400 100 0.5 0", "totals 200 processor ended");
        assertThat(report.json())
                .contains(
                        "\"growth\":{\"queries\":\"totals\",\"keys\":100,\"slideSeconds\":1,\"held\":{"
                                + "\"checkpointMiB\":1.5,\"heapMiB\":60.0,\"residentMiB\":400.0,\"stateKeys\":100,\"stateMiB\":0.5}}");
        assertThat(grown.isRight()).isTrue();
        assertThat(failed.isRight()).isFalse();
    }

    @Test
    void keys_fill_whole_messages() {
        LoadShape grown = SHAPE.withKeys(1_001);

        assertThat(grown.devices()).isEqualTo(21);
        assertThat(grown.readingsAMessage()).isEqualTo(50);
        assertThat(grown.rate()).hasValue(500);
    }

    private static PhaseResult phase(long sent, long acknowledged) {
        Rates rates = new Rates(2, 2, null, Map.of("gateway", 3.0));
        return PhaseResult.of(Phase.GATEWAY, rates, Counts.sent(sent, acknowledged));
    }
}
