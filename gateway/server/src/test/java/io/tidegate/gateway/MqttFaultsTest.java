package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.ScriptedBroker;
import io.tidegate.junit.SlowTest;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.protocol.v1.Reading;
import java.io.File;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M6, M7, M10 and M11 of the fault catalogue: a whole gateway and a broker that misbehaves, over real sockets. */
class MqttFaultsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Longer than the first pauses before another try. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private static final String NO_PRESENCE = "presence.enabled = false\n";

    private final ScriptedBroker broker = ScriptedBroker.start();
    private final ScriptedBroker healthy = ScriptedBroker.start();

    @TempDir
    private Path folder;

    @AfterEach
    void brokersEnd() {
        broker.close();
        healthy.close();
    }

    @Test
    void a_connect_without_answer_is_given_up_in_time_said_and_tried_again() throws Exception {
        broker.withholdConnack();
        try (RunningGateway gateway = start("mqtt.connect-timeout = 1s\n")) {
            await().until(() -> broker.connects().size() >= 3);

            await().untilAsserted(() ->
                    assertThat(reasons(gateway)).contains("source mqtt", "no answer of the broker within"));
            await().until(() -> broker.open() <= 1);
        }
    }

    @Test
    void a_refusal_for_good_degrades_the_gateway_and_is_not_run_against() throws Exception {
        broker.connack(0x87);
        try (RunningGateway gateway = RunningGateway.start(
                folder, MqttTransport.paho(), NO_PRESENCE + """
                sources = [
                  { name = refused, filters = ["a/#"], broker = "tcp://localhost:%d" }
                  { name = healthy, filters = ["b/#"], broker = "tcp://localhost:%d" }
                ]
                """.formatted(broker.port(), healthy.port()))) {
            await().untilAsserted(() -> {
                HttpResponse<String> ready = gateway.get("/readyz");
                assertThat(ready.statusCode()).isEqualTo(200);
                assertThat(ready.body()).contains("degraded", "source refused", "not authorized (0x87)");
            });

            await().during(SOON).until(() -> broker.connects().size() == 1);
            assertThat(gateway.get("/metrics").body())
                    .contains(
                            "tidegate_source_connected{source=\"refused\"} 0.0",
                            "tidegate_source_connected{source=\"healthy\"} 1.0");
        }
    }

    @Test
    void a_quota_that_is_full_and_a_broker_that_shuts_down_are_tried_again_soon() throws Exception {
        broker.connack(0x97);
        try (RunningGateway gateway = start("")) {
            await().until(() -> broker.connects().size() >= 3);
            assertThat(reasons(gateway)).contains("quota exceeded (0x97)");
            broker.connack(0);
            awaitReady(gateway);
            int before = broker.connects().size();

            broker.disconnect(0x8B);

            await().until(() -> broker.connects().size() == before + 1);
            awaitReady(gateway);
        }
    }

    @Test
    void a_take_over_that_the_broker_tells_is_not_fought() throws Exception {
        try (RunningGateway gateway = start("")) {
            awaitReady(gateway);

            broker.disconnect(0x8E);

            await().untilAsserted(() -> assertThat(reasons(gateway)).contains("session taken over (0x8E)"));
            await().during(SOON).until(() -> broker.connects().size() == 1);
            assertThat(gateway.get("/readyz").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void a_broker_that_cuts_what_it_has_accepted_is_left_in_peace_after_the_fourth_time() throws Exception {
        broker.sessionPresent(true);
        try (RunningGateway gateway = start("")) {
            for (int time = 1; time <= 4; time++) {
                int connections = time;
                await().until(() -> broker.connects().size() == connections);
                awaitReady(gateway);
                broker.cut();
            }

            await().untilAsserted(() -> assertThat(reasons(gateway))
                    .contains("does another client use the client id", "tidegate-gateway-mqtt"));
            await().during(SOON).until(() -> broker.connects().size() == 4);
        }
    }

    @Test
    void a_message_that_comes_again_before_it_is_acknowledged_counts_once_and_costs_no_connection() throws Exception {
        try (RunningGateway gateway = start("")) {
            awaitReady(gateway);
            String payload = "{\"value\":1,\"seq\":1,\"time\":1790000000}";
            broker.deliver("sensors/d1/t", payload, 1, false, 419);
            broker.deliverAgain("sensors/d1/t", payload, 419);

            await().untilAsserted(() -> assertThat(broker.acknowledged()).containsExactly(419, 419));
            assertThat(gateway.readings()).hasSize(1);
            assertThat(gateway.get("/ledger").body()).contains("\"received\":2,\"logged\":1,\"duplicate\":1");
            assertThat(broker.connects()).hasSize(1);
        }
    }

    @Test
    void packets_beyond_the_limit_cost_the_connection_and_nothing_that_was_acknowledged() throws Exception {
        try (RunningGateway gateway = start("mqtt.max-packet = 1MiB\n")) {
            awaitReady(gateway);
            broker.deliver("sensors/d/t", "{\"value\":1,\"seq\":1}", 1, false, 1);
            await().until(() -> broker.acknowledged().size() == 1);

            broker.announce(268_435_455);
            await().untilAsserted(() -> assertThat(reasons(gateway))
                    .contains("tcp://localhost:" + broker.port(), "a packet of 268435460 bytes"));
            await().until(() -> broker.connects().size() == 2);
            awaitReady(gateway);
            broker.deliver("sensors/d/t", "{\"value\":2,\"seq\":2}", 1, false, 1);
            await().until(() -> broker.acknowledged().size() == 2);

            assertThat(gateway.readings()).extracting(Reading::getSeq).containsExactly(1L, 2L);
        }
    }

    @SlowTest(seconds = 90)
    void twenty_half_open_links_are_noticed_and_leave_no_thread_and_no_socket() throws Exception {
        try (FaultProxy proxy = FaultProxy.to(broker.port());
                RunningGateway gateway = start(proxy.port(), "mqtt { keep-alive = 2s, connect-timeout = 1s }\n")) {
            awaitReady(gateway);
            int tasks = 0;
            int descriptors = 0;
            for (int cycle = 1; cycle <= 20; cycle++) {
                deliverUntilAcknowledged(cycle);
                if (cycle == 3) {
                    tasks = entries("/proc/self/task");
                    descriptors = entries("/proc/self/fd");
                }
                int connections = proxy.accepted();

                proxy.halfOpen();
                // The next attempt to connect is the reconnect; it gets no answer either.
                await().until(() -> proxy.accepted() > connections + 1);
                proxy.heal();
                proxy.cut();
                awaitReady(gateway);
            }

            int tasksBefore = tasks;
            int descriptorsBefore = descriptors;
            await().untilAsserted(() -> {
                assertThat(entries("/proc/self/task")).isLessThan(tasksBefore + 15);
                assertThat(entries("/proc/self/fd")).isLessThan(descriptorsBefore + 15);
            });
            assertThat(gateway.readings())
                    .extracting(Reading::getSeq)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 20).boxed().toList());
        }
    }

    /** A link may end before the acknowledgement has left: then it comes again, and is a duplicate. */
    private void deliverUntilAcknowledged(int id) {
        String reading = "{\"value\":1,\"seq\":%d,\"time\":%d}".formatted(id, 1_700_000_000 + id);
        await().ignoreExceptions()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    boolean acknowledged = broker.acknowledged().contains(id);
                    if (!acknowledged) {
                        broker.deliver("sensors/d/t", reading, 1, false, id);
                    }
                    return acknowledged;
                });
    }

    private RunningGateway start(String more) throws Exception {
        return start(broker.port(), more);
    }

    private RunningGateway start(int port, String more) throws Exception {
        return RunningGateway.start(
                folder,
                MqttTransport.paho(),
                NO_PRESENCE + "mqtt { broker = \"tcp://localhost:" + port + "\", connect-timeout = 60s }\n" + more);
    }

    private static void awaitReady(RunningGateway gateway) {
        await().ignoreExceptions().until(() -> gateway.get("/readyz").statusCode() == 200);
    }

    private static String reasons(RunningGateway gateway) throws Exception {
        JsonNode ready = JSON.readTree(gateway.get("/readyz").body());
        return ready.path("reasons").toString().replace("\\", "");
    }

    private static int entries(String folder) {
        String[] names = new File(folder).list();
        return names == null ? 0 : names.length;
    }
}
