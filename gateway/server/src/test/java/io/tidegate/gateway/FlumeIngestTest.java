package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.gateway.ingest.flume.FlumeClient;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Request;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Flume agent pushes to the gateway, with everything real but the broker and the agent. */
class FlumeIngestTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> HEADERS =
            Map.of("host", "web-1", "file", "/var/log/nginx/access.log", "timestamp", "1");

    private final FakeBroker broker = new FakeBroker();

    @TempDir
    private Path folder;

    @Test
    void lines_are_on_disk_when_they_are_ok_and_a_bad_one_is_a_dead_letter_that_says_where_it_was() throws Exception {
        try (RunningGateway gateway = start("");
                FlumeClient agent = agent(gateway)) {
            String answer =
                    agent.appendBatch(HEADERS, List.of(line(1, "/a"), "hello", "", "www.example.org " + line(2, "/b")));

            assertThat(answer).isEqualTo("OK");
            assertThat(gateway.requests()).extracting(Request::getPath).containsExactlyInAnyOrder("/a", "/b");
            assertThat(gateway.requests())
                    .extracting(Request::getHost)
                    .containsExactlyInAnyOrder("web-1", "www.example.org");
            assertThat(gateway.events())
                    .extracting(Event::getTimeUs)
                    .as("the line's own time, not the header's")
                    .containsOnly(Instant.parse("2015-05-17T10:05:03Z").toEpochMilli() * 1000);
            JsonNode letter = JSON.readTree(gateway.get("/deadletters").body()).at("/deadLetters/0");
            assertThat(letter.get("text").asText()).isEqualTo("hello");
            assertThat(letter.get("source").asText()).isEqualTo("flume");
            assertThat(letter.get("origin").asText()).isEqualTo("127.0.0.1");
            assertThat(letter.get("detail").asText())
                    .endsWith(", event 2 of the batch, from /var/log/nginx/access.log");
            assertThat(gateway.get("/ledger").body())
                    .contains("{\"source\":\"flume\",\"received\":3,\"logged\":2,\"duplicate\":0,\"deadLettered\":1,"
                            + "\"refused\":0,\"presence\":0,\"retainedIgnored\":0,\"residual\":0}");
            assertThat(gateway.get("/metrics").body())
                    .contains(
                            "tidegate_events_total{outcome=\"logged\",source=\"flume\"} 2.0",
                            "tidegate_flume_batches_total{answer=\"ok\"} 1.0",
                            "tidegate_flume_connections 1.0");
            assertThat(JSON.readTree(gateway.get("/info").body()).get("flume").asText())
                    .isEqualTo("127.0.0.1:" + gateway.addresses().flumePort().getAsInt());
        }
    }

    @Test
    void the_order_of_a_client_s_lines_is_that_of_the_batches() throws Exception {
        try (RunningGateway gateway = start("");
                FlumeClient agent = agent(gateway)) {
            for (int batch = 0; batch < 5; batch++) {
                int first = batch * 100;
                assertThat(agent.appendBatch(
                                HEADERS,
                                IntStream.range(first, first + 100)
                                        .mapToObj(i -> line(7, "/" + i))
                                        .toList()))
                        .isEqualTo("OK");
            }
            assertThat(gateway.requests())
                    .extracting(Request::getPath)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 500).mapToObj(i -> "/" + i).toList());
        }
    }

    @Test
    void bodies_may_be_readings() throws Exception {
        try (RunningGateway gateway = start("flume.body = readings");
                FlumeClient agent = agent(gateway)) {
            String answer = agent.appendBatch(
                    HEADERS,
                    List.of(
                            "{\"device\":\"d1\",\"metric\":\"t\",\"value\":1.5}",
                            "{\"metric\":\"t\",\"value\":1}",
                            "{\"device\":\"d2\",\"a\":1,\"b\":2}"));

            assertThat(answer).isEqualTo("OK");
            assertThat(gateway.readings())
                    .extracting(reading -> reading.getDevice() + " " + reading.getMetric() + " " + reading.getValue())
                    .containsExactlyInAnyOrder("d1 t 1.5", "d2 a 1.0", "d2 b 2.0");
            assertThat(gateway.get("/deadletters").body()).contains("no-device", "event 2 of the batch");
        }
    }

    @Test
    void what_stands_in_front_of_a_line_is_taken_off() throws Exception {
        try (RunningGateway gateway = start("flume.strip = syslog");
                FlumeClient agent = agent(gateway)) {
            String answer = agent.appendBatch(
                    Map.of(), List.of("May 17 10:05:03 web-2 nginx: " + line(1, "/a"), line(2, "/b")));

            assertThat(answer).isEqualTo("OK");
            assertThat(gateway.requests())
                    .extracting(request -> request.getHost() + " " + request.getClient() + " " + request.getPath())
                    .containsExactly("web-2 192.0.2.1 /a");
            assertThat(gateway.get("/deadletters").body()).contains("event 2 of the batch");
        }
    }

    @Test
    void bodies_without_a_line_are_nothing() throws Exception {
        try (RunningGateway gateway = start("");
                FlumeClient agent = agent(gateway)) {
            assertThat(agent.appendBatch(Map.of(), List.of("", "\n", line(1, "/a"))))
                    .isEqualTo("OK");

            assertThat(gateway.requests()).extracting(Request::getPath).containsExactly("/a");
            assertThat(gateway.get("/deadletters").body()).contains("\"retained\":0");
        }
    }

    @Test
    void a_batch_that_comes_again_counts_again_unless_its_readings_have_numbers() throws Exception {
        try (RunningGateway gateway = start("");
                FlumeClient agent = agent(gateway)) {
            assertThat(agent.appendBatch(HEADERS, List.of(line(1, "/a")))).isEqualTo("OK");
            assertThat(agent.appendBatch(HEADERS, List.of(line(1, "/a")))).isEqualTo("OK");

            assertThat(gateway.requests()).hasSize(2);
            assertThat(gateway.get("/ledger").body()).contains("\"source\":\"flume\",\"received\":2,\"logged\":2");
        }
        String reading = "{\"device\":\"d1\",\"metric\":\"t\",\"value\":1,\"seq\":1,\"time\":1790000000}";
        try (RunningGateway gateway = start("flume.body = readings");
                FlumeClient agent = agent(gateway)) {
            assertThat(agent.appendBatch(HEADERS, List.of(reading))).isEqualTo("OK");
            assertThat(agent.appendBatch(HEADERS, List.of(reading))).isEqualTo("OK");

            assertThat(gateway.readings()).hasSize(1);
            assertThat(gateway.get("/ledger").body())
                    .contains("\"source\":\"flume\",\"received\":4,\"logged\":3,\"duplicate\":1");
        }
    }

    @Test
    void a_body_may_have_several_lines_and_odd_headers() throws Exception {
        Map<String, String> odd = Map.of("host", "web7", "basename", "x.log", "timestamp", "0", "ключ", "ü");
        try (RunningGateway gateway = start("");
                FlumeClient agent = agent(gateway)) {
            assertThat(agent.appendBatch(odd, List.of(line(1, "/a") + "\r\n" + line(1, "/b") + "\r\ndamaged\r\n")))
                    .isEqualTo("OK");
            assertThat(agent.appendBatch(Map.of("host", ""), List.of(line(1, "/c"))))
                    .isEqualTo("OK");

            assertThat(gateway.requests())
                    .extracting(request -> request.getHost() + request.getPath())
                    .containsExactly("web7/a", "web7/b", "/c");
            assertThat(gateway.events())
                    .extracting(Event::getTimeUs)
                    .containsOnly(Instant.parse("2015-05-17T10:05:03Z").toEpochMilli() * 1000);
            assertThat(JSON.readTree(gateway.get("/deadletters").body()).get("deadLetters"))
                    .singleElement()
                    .satisfies(letter ->
                            assertThat(letter.get("detail").asText()).endsWith(", event 1 of the batch, from x.log"));
        }
    }

    @Test
    void a_full_log_is_failed_at_once() throws Exception {
        try (RunningGateway gateway = start("log { min-free-bytes = 1000000GiB }");
                FlumeClient agent = agent(gateway)) {
            assertThat(agent.appendBatch(HEADERS, List.of(line(1, "/")))).isEqualTo("FAILED");
            assertThat(gateway.get("/metrics").body()).contains("tidegate_flume_batches_total{answer=\"failed\"} 1.0");
        }
    }

    @Test
    void what_was_ok_is_there_after_a_restart() throws Exception {
        try (RunningGateway gateway = start("");
                FlumeClient agent = agent(gateway)) {
            assertThat(agent.appendBatch(HEADERS, List.of(line(1, "/a")))).isEqualTo("OK");
        }
        try (RunningGateway gateway = start("")) {
            assertThat(gateway.requests()).extracting(Request::getPath).containsExactly("/a");
        }
    }

    @Test
    void an_address_that_is_taken_ends_the_gateway_with_its_name() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            try (RunningGateway gateway = start("flume.port = " + port)) {
                assertThat(gateway.ended().exitCode()).isEqualTo(1);
                assertThat(gateway.ended().reason())
                        .contains("flume 127.0.0.1:" + port)
                        .contains("in use");
            }
        }
    }

    @Test
    void it_may_be_switched_off() throws Exception {
        try (RunningGateway gateway = start("flume.enabled = false")) {
            assertThat(gateway.addresses().flumePort()).isEmpty();
            assertThat(gateway.get("/info").body()).doesNotContain("flume");
            assertThat(gateway.get("/metrics").body()).doesNotContain("flume");
        }
    }

    private RunningGateway start(String more) throws Exception {
        return RunningGateway.start(folder, broker, more);
    }

    private static FlumeClient agent(RunningGateway gateway) throws Exception {
        return FlumeClient.connect(gateway.addresses().flumePort().getAsInt());
    }

    private static String line(int client, String path) {
        return "192.0.2." + client + " - - [17/May/2015:10:05:03 +0000] \"GET " + path + " HTTP/1.1\" 200 5";
    }
}
