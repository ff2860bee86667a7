package io.tidegate.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.Program;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.simulator.fleet.MqttSettings;
import io.tidegate.simulator.fleet.Outlet;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle's verdict on the whole chain: right for every scenario that is shipped, and not right when one result lies. */
final class VerifyTest {

    private static final int PATIENCE_S = 300;
    private static final String QUERIES = """
                { name = reading-totals, kind = totals, from = readings, by = [device, metric] }
                { name = device-sessions, kind = sessions, from = readings, by = [device], gap = 30s, allowed-lateness = 10s }
            """;

    @Test
    void devices_and_visitors_together_are_answered_right(@TempDir Path folder) {
        verifiedRight(folder, "mixed");
    }

    @Tag("fault")
    @ParameterizedTest
    @ValueSource(strings = {"calm", "out-of-order", "faulty", "bursty"})
    void every_scenario_that_is_shipped_is_answered_right(String scenario, @TempDir Path folder) {
        verifiedRight(folder, scenario);
    }

    private static void verifiedRight(Path folder, String scenario) {
        try (Program verify = Program.tidegate(
                folder, "verify", List.of("simulator", "verify", "--system", "--scenario", file(scenario)))) {
            int exit = verify.await(PATIENCE_S);

            assertThat(exit).as(verify.output()).isZero();
            assertThat(verify.output()).contains(scenario + ".conf: right").doesNotContain("not judged", "undecided");
        }
    }

    @Tag("fault")
    @Test
    void one_falsified_result_is_found(@TempDir Path folder) throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            chain.startGateway();
            chain.startProcessor(QUERIES);
            chain.awaitReady();
            try (Program verify = chain.verify(file("calm"), "--patience", "5", "--output", "json")) {
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> verify.output().contains("times the speed"));
                falsify(chain.brokerPort());

                assertThat(verify.await(PATIENCE_S)).as(verify.output()).isEqualTo(1);
                assertThat(verify.output())
                        .contains("\"right\":false")
                        .contains("boiler-3 pressure: count is 7, expected 120")
                        .containsPattern("\"query\":\"reading-totals\"[^{]*\"wrong\":1,\"missing\":0,\"unexpected\":0")
                        .containsPattern(
                                "\"query\":\"device-sessions\"[^{]*\"wrong\":0,\"missing\":0,\"unexpected\":0");
            }
        }
    }

    /** Says something else than the processor, with a revision that wins. */
    private static void falsify(int broker) throws Exception {
        MqttSettings mqtt =
                new MqttSettings(URI.create("tcp://127.0.0.1:" + broker), Optional.empty(), Optional.empty(), 1, 10);
        try (Outlet intruder = Outlet.mqtt(MqttTransport.paho(), mqtt, "intruder")) {
            intruder.publish("tidegate/totals/reading-totals/boiler-3/lie", """
                            {"query":"reading-totals","id":"reading-totals/boiler-3/pressure","rev":1000000,
                             "batch":1,"key":{"device":"boiler-3","metric":"pressure"},"count":7}""".getBytes(UTF_8), false)
                    .get(30, SECONDS);
        }
    }

    private static String file(String scenario) {
        return Program.ROOT.resolve("config/scenarios/" + scenario + ".conf").toString();
    }
}
