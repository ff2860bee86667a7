package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.harness.Program;
import io.tidegate.junit.SlowTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

/** What {@code simulator load} prints adds up. How fast anything is, no test can say. */
final class LoadTest {

    private static final int PATIENCE_S = 300;

    @TempDir
    private Path folder;

    @SlowTest(seconds = 60)
    void every_reading_is_accounted_for_in_every_phase_and_has_a_latency() throws Exception {
        JsonNode report = report("--rate", "200", "--devices", "20", "--warm-up", "2s", "--for", "6s");

        assertThat(report.path("right").booleanValue()).isTrue();
        assertThat(report.path("phases"))
                .extracting(phase -> phase.path("phase").asText())
                .containsExactly("subscriber", "gateway", "chain");
        for (JsonNode phase : report.path("phases")) {
            adds(phase, 1);
            assertThat(phase.path("sent").longValue()).isPositive();
        }
        JsonNode latency = report.path("phases").get(2).path("latencyMs");
        assertThat(latency.path("readings").longValue())
                .isBetween(1L, report.path("phases").get(2).path("sent").longValue());
        assertThat(latency.path("p50").doubleValue()).isPositive();
        assertThat(latency.path("p95").doubleValue())
                .isBetween(
                        latency.path("p50").doubleValue(), latency.path("p99").doubleValue());
        assertThat(latency.path("max").doubleValue())
                .isGreaterThanOrEqualTo(latency.path("p99").doubleValue());
        assertThat(report.path("phases").get(2).path("batches").path("batches").longValue())
                .isPositive();
    }

    @SlowTest(seconds = 45)
    void arrays_as_fast_as_they_are_taken_are_accounted_for_too() throws Exception {
        JsonNode report = report(
                "--phase", "gateway,chain", "--batch", "50", "--devices", "20", "--for", "4s", "--warm-up", "2s");

        assertThat(report.path("right").booleanValue()).isTrue();
        for (JsonNode phase : report.path("phases")) {
            adds(phase, 50);
            assertThat(phase.path("sent").longValue()).isPositive();
        }
    }

    @SlowTest(seconds = 45)
    void a_backlog_is_worked_off_and_accounted_for() throws Exception {
        JsonNode report = report("--phase", "backlog", "--batch", "50", "--devices", "20", "--backlog", "100000");

        assertThat(report.path("right").booleanValue()).isTrue();
        assertThat(report.path("phases")).hasSize(1);
        JsonNode phase = report.path("phases").get(0);
        assertThat(phase.path("sent").longValue()).isGreaterThanOrEqualTo(100_000);
        assertThat(phase.path("taken").longValue()).isEqualTo(phase.path("sent").longValue());
        assertThat(phase.path("durable").longValue() * 50)
                .isEqualTo(phase.path("sent").longValue());
        assertThat(phase.path("residuals").path("processor").longValue()).isZero();
    }

    @SlowTest(seconds = 35)
    void empty_batches_are_counted_and_have_a_median() throws Exception {
        JsonNode report = report("--phase", "idle", "--warm-up", "2s", "--for", "6s");

        assertThat(report.path("right").booleanValue()).isTrue();
        JsonNode batches = report.path("phases").get(0).path("batches");
        assertThat(batches.path("batches").longValue()).isPositive();
        assertThat(batches.path("medianMs").doubleValue())
                .isPositive()
                .isLessThanOrEqualTo(batches.path("maxMs").doubleValue());
    }

    @SlowTest(seconds = 60)
    void results_come_again_after_each_kill_and_every_reading_is_in_them_once() throws Exception {
        JsonNode report =
                report("--phase", "recovery", "--rate", "200", "--devices", "20", "--warm-up", "2s", "--for", "6s");

        assertThat(report.path("right").booleanValue()).isTrue();
        JsonNode phase = report.path("phases").get(0);
        assertThat(phase.path("taken").longValue()).isEqualTo(phase.path("sent").longValue());
        assertThat(phase.path("lost").longValue()).isZero();
        assertThat(phase.path("duplicates").longValue()).isZero();
        assertThat(phase.path("residuals"))
                .hasSize(2)
                .allSatisfy(residual -> assertThat(residual.longValue()).isZero());
        assertThat(phase.path("latencyMs").path("p50").doubleValue()).isPositive();
        assertThat(phase.path("recovery").fieldNames()).toIterable().containsExactly("processor", "gateway");
        for (JsonNode recovered : phase.path("recovery")) {
            assertThat(recovered.path("firstResultSeconds").doubleValue())
                    .isPositive()
                    .isLessThanOrEqualTo(recovered.path("caughtUpSeconds").doubleValue());
        }
    }

    @SlowTest(seconds = 15)
    void a_chain_of_somebody_else_is_measured_by_the_same_results() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String peer =
                "'%s' -cp '%s' %s".formatted(java, System.getProperty("java.class.path"), PeerChain.class.getName());
        JsonNode report = report(
                "--phase=chain",
                "--rate=200",
                "--devices=20",
                "--warm-up=2s",
                "--for=6s",
                "--system-command",
                "echo begins; " + peer + "; echo ended");

        assertThat(report.path("right").booleanValue()).isTrue();
        JsonNode phase = report.path("phases").get(0);
        assertThat(phase.path("phase").asText()).isEqualTo("chain");
        assertThat(phase.path("sent").longValue()).isPositive();
        assertThat(phase.path("taken").longValue()).isEqualTo(phase.path("sent").longValue());
        assertThat(phase.path("latencyMs").path("readings").longValue()).isPositive();
        assertThat(phase.path("cpuMicrosPerMessage").path("system").doubleValue())
                .isPositive();
        assertThat(phase.fieldNames())
                .toIterable()
                .doesNotContain("durable", "batches", "residuals")
                .contains("messagesPerSecond", "lost", "duplicates");
    }

    @SlowTest(seconds = 10)
    void a_chain_of_somebody_else_that_ends_at_once_is_an_error_with_its_exit_code_and_its_last_words()
            throws Exception {
        try (Program load = Program.tidegateAtFullSpeed(
                folder,
                "load",
                List.of("simulator", "load", "--phase=chain", "--system-command", "echo no licence; exit 3"))) {
            assertThat(load.await(PATIENCE_S)).isEqualTo(1);

            assertThat(load.output()).contains("system ended with exit code 3; the last it said:\n  no licence\n");
            Matcher kept =
                    Pattern.compile("what the system printed is kept in (.+)").matcher(load.output());
            assertThat(kept.find()).isTrue();
            Path log = Path.of(kept.group(1), "system.log");
            assertThat(log).hasContent("no licence");
            Files.delete(log);
            Files.delete(log.getParent());
        }
    }

    @SlowTest(seconds = 170)
    void each_kind_of_query_with_each_number_of_keys_is_a_run_that_keeps_the_keys_and_loses_nothing() throws Exception {
        JsonNode report = report(
                "--phase",
                "growth",
                "--keys",
                "100,200",
                "--queries",
                "totals,top,structured",
                "--batch",
                "10",
                "--rate",
                "20",
                "--warm-up",
                "2s",
                "--for",
                "6s");

        assertThat(report.path("right").booleanValue()).isTrue();
        assertThat(report.path("phases"))
                .extracting(run -> run.at("/growth/queries").asText() + " "
                        + run.at("/growth/keys").asInt())
                .containsExactly("totals 100", "totals 200", "top 100", "top 200", "structured 100", "structured 200");
        for (JsonNode run : report.path("phases")) {
            long sent = run.path("sent").longValue();
            assertThat(sent).isGreaterThan(run.at("/growth/keys").longValue());
            assertThat(run.path("taken").longValue()).isEqualTo(sent);
            assertThat(run.path("durable").longValue() * 10).isEqualTo(sent);
            assertThat(run.at("/residuals/gateway").asLong(-1)).isZero();
            assertThat(run.at("/residuals/processor").asLong(-1)).isZero();
            assertThat(run.at("/growth/held/stateKeys").longValue())
                    .isEqualTo(run.at("/growth/keys").longValue());
            assertThat(run.at("/growth/held/stateMiB").doubleValue()).isPositive();
            assertThat(run.at("/growth/held/checkpointMiB").doubleValue()).isPositive();
            assertThat(run.at("/growth/held/heapMiB").doubleValue()).isPositive();
            assertThat(run.at("/batches/batches").longValue()).isPositive();
        }
    }

    /** Sent, acknowledged by the broker, taken, and made durable by the gateway: all the same. */
    private static void adds(JsonNode phase, int readingsPerMessage) {
        long sent = phase.path("sent").longValue();
        assertThat(phase.path("acknowledged").longValue()).isEqualTo(sent);
        assertThat(phase.path("taken").longValue()).isEqualTo(sent);
        if (!phase.path("phase").asText().equals("subscriber")) {
            assertThat(phase.path("durable").longValue() * readingsPerMessage).isEqualTo(sent);
            assertThat(phase.path("residuals").path("gateway").longValue()).isZero();
        }
        if (!phase.path("phase").asText().equals("chain")) { // a busy machine may end no two batches in that time
            assertThat(phase.path("messagesPerSecond").doubleValue()).isPositive();
        }
        assertThat(phase.path("readingsPerSecond").doubleValue())
                .isEqualTo(phase.path("messagesPerSecond").doubleValue() * readingsPerMessage);
        assertThat(phase.path("cpuMicrosPerMessage"))
                .allSatisfy(micros -> assertThat(micros.doubleValue()).isNotNegative());
    }

    private JsonNode report(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("simulator", "load", "--output", "json"));
        arguments.addAll(List.of(options));
        try (Program load = Program.tidegateAtFullSpeed(folder, "load", arguments)) {
            assertThat(load.await(PATIENCE_S)).as(load.output()).isZero();
            String json = load.output()
                    .lines()
                    .filter(line -> line.startsWith("{"))
                    .findFirst()
                    .orElseThrow();
            return new ObjectMapper().readTree(json);
        }
    }
}
