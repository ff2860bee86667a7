package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.gateway.FakeBroker.Published;
import io.tidegate.protocol.v1.Reading;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole gateway, with everything real but the broker. */
class GatewayTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeBroker broker = new FakeBroker();

    @TempDir
    private Path folder;

    @Test
    void what_a_device_publishes_can_be_pulled_and_is_there_after_a_restart() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(folder, broker, "")) {
            FakeBroker.Link link = source(1);
            link.deliver("sensors/d1", "{\"a\":1.5,\"b\":true,\"seq\":1}");
            link.deliver("sensors/d2/t", "2");
            await().untilAsserted(() -> assertThat(link.acknowledged()).containsExactly(1, 2));
            assertThat(gateway.readings()).hasSize(3);
        }

        try (RunningGateway gateway = RunningGateway.start(folder, broker, "")) {
            assertThat(gateway.readings())
                    .contains(
                            Reading.newBuilder()
                                    .setDevice("d1")
                                    .setMetric("a")
                                    .setValue(1.5)
                                    .setSeq(1)
                                    .build(),
                            Reading.newBuilder()
                                    .setDevice("d2")
                                    .setMetric("t")
                                    .setValue(2)
                                    .build())
                    .hasSize(3);
        }
    }

    @Test
    void what_comes_again_after_a_reconnection_is_counted_once() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(folder, broker, "")) {
            FakeBroker.Link first = source(1);
            first.deliver("sensors/d1", "{\"a\":1,\"seq\":1,\"time\":1700000000}");
            await().untilAsserted(() -> assertThat(first.acknowledged()).hasSize(1));
            broker.sessionPresent(true);
            first.lose("reset", -1);

            FakeBroker.Link second = source(2);
            second.deliver("sensors/d1", "{\"a\":1,\"seq\":1,\"time\":1700000000}");
            second.deliver("sensors/d1", "{\"a\":2,\"seq\":2,\"time\":1700000001}");
            await().untilAsserted(() -> assertThat(second.acknowledged()).containsExactly(1, 2));

            assertThat(gateway.readings()).extracting(Reading::getSeq).containsExactly(1L, 2L);
            assertThat(gateway.get("/ledger").body())
                    .isEqualTo("{\"sources\":[{\"source\":\"mqtt\",\"received\":3,\"logged\":2,\"duplicate\":1,"
                            + "\"deadLettered\":0,\"refused\":0,\"presence\":0,\"retainedIgnored\":0,\"residual\":0}],"
                            + "\"log\":{\"logged\":2,\"trimmed\":0,\"retained\":2,\"residual\":0},"
                            + "\"groups\":[{\"group\":\"processor\",\"logged\":2,\"committed\":0,\"expired\":0,"
                            + "\"deliveredUncommitted\":0,\"waiting\":2,\"residual\":0}],\"residual\":0}\n");
        }
    }

    @Test
    void poison_is_listed_newest_first_and_disturbs_nobody() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(folder, broker, "")) {
            FakeBroker.Link link = source(1);
            for (int i = 0; i < 5; i++) {
                link.deliver("sensors/d1/t", "{\"value\":" + i);
            }
            link.deliver("sensors/a/#", "\u0001\u0002");
            link.deliver("sensors/d1/t", "7");
            await().untilAsserted(() -> assertThat(link.acknowledged()).hasSize(7));

            JsonNode page = JSON.readTree(gateway.get("/deadletters?limit=2").body());
            assertThat(page.findValuesAsText("reason")).containsExactly("topic-character", "invalid-json");
            assertThat(page.at("/deadLetters/0/origin").asText()).isEqualTo("sensors/a/#");
            assertThat(page.at("/deadLetters/0/raw").binaryValue()).containsExactly(1, 2);
            assertThat(page.at("/deadLetters/0/text").isMissingNode()).isTrue();
            assertThat(page.at("/deadLetters/1/text").asText()).isEqualTo("{\"value\":4");
            JsonNode older = JSON.readTree(
                    gateway.get("/deadletters?before=" + page.get("before").asText())
                            .body());
            assertThat(older.findValuesAsText("text"))
                    .containsExactly("{\"value\":3", "{\"value\":2", "{\"value\":1", "{\"value\":0");
            assertThat(older.has("before")).isFalse();
            assertThat(gateway.readings())
                    .singleElement()
                    .satisfies(reading -> assertThat(reading.getValue()).isEqualTo(7));
        }
    }

    @Test
    void every_page_answers() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(folder, broker, "")) {
            source(1);
            await().untilAsserted(
                            () -> assertThat(gateway.get("/readyz").body()).isEqualTo("{\"status\":\"ready\"}\n"));

            assertThat(gateway.get("/livez").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/info").body()).contains("\"id\":\"gateway\"", "\"version\":\"1.2.3\"");
            HttpResponse<String> metrics = gateway.get("/metrics");
            assertThat(metrics.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
            assertThat(metrics.body())
                    .contains(
                            "tidegate_events_total{outcome=\"logged\",source=\"mqtt\"} 0.0",
                            "tidegate_dead_letters_total{reason=\"invalid-json\"} 0.0",
                            "tidegate_source_connected{source=\"mqtt\"} 1.0",
                            "tidegate_group_waiting_events{group=\"processor\"} 0.0");
            assertThat(gateway.get("/nothing").statusCode()).isEqualTo(404);
            assertThat(gateway.send("POST", "/ledger").statusCode()).isEqualTo(405);
            for (String query : List.of("limit=0", "limit=201", "limit=x", "before=-1", "before=x")) {
                assertThat(gateway.get("/deadletters?" + query).statusCode())
                        .as(query)
                        .isEqualTo(400);
            }
        }
    }

    @Test
    void a_gateway_that_no_broker_reaches_says_so_and_goes_on_trying() throws Exception {
        broker.refuseNext(0x88);
        broker.refuseNext(0x88);
        try (RunningGateway gateway = RunningGateway.start(folder, broker, "presence.enabled = false")) {
            await().untilAsserted(() ->
                    assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200));
            assertThat(broker.links()).hasSize(1);
        }
    }

    @Test
    void presence_is_published_and_the_end_is_announced() throws Exception {
        FakeBroker.Link presence;
        try (RunningGateway gateway = RunningGateway.start(folder, broker, "")) {
            gateway.addresses();
            source(1).deliver("sensors/d1/status", "online");
            presence = link("tidegate-gateway-presence", 1);
            await().untilAsserted(() -> assertThat(presence.published())
                    .extracting(Published::topic)
                    .contains("tidegate/devices/d1/presence"));
        }

        assertThat(presence.published().get(presence.published().size() - 1).payload())
                .contains("\"state\":\"stopped\"");
    }

    @Test
    void a_log_that_cannot_be_written_ends_the_gateway_and_nothing_is_acknowledged_after_it() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(folder, broker, "")) {
            FakeBroker.Link link = source(1);
            gateway.breakLog();

            link.deliver("sensors/d1/t", "1");

            assertThat(gateway.ended().exitCode()).isEqualTo(1);
            assertThat(gateway.ended().reason()).contains("event-log");
            assertThat(link.acknowledged()).isEmpty();
        }
    }

    @Test
    void an_address_that_is_taken_ends_the_gateway_with_its_name() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            try (RunningGateway gateway = RunningGateway.start(folder, broker, "http.port = " + port)) {
                assertThat(gateway.ended())
                        .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(1))
                        .satisfies(ended -> assertThat(ended.reason()).contains("http 127.0.0.1:" + port));
            }
        }
    }

    @Test
    void a_stop_that_comes_before_the_pages_are_up_is_kept_and_no_source_is_started() throws Exception {
        try (RunningGateway gateway = RunningGateway.startAndStop(folder, broker)) {
            assertThat(gateway.ended()).isEqualTo(new Gateway.Ended(0, "stopped"));
            assertThat(broker.links("tidegate-gateway-mqtt")).isEmpty();
        }
    }

    private FakeBroker.Link source(int number) {
        return link("tidegate-gateway-mqtt", number);
    }

    private FakeBroker.Link link(String clientId, int number) {
        await().until(() -> broker.links(clientId).size() >= number);
        return broker.links(clientId).get(number - 1);
    }
}
