package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.junit.Patience;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to the gateway by HTTP, with everything real but the broker. */
class HttpIngestTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEXT = "text/plain";

    private final FakeBroker broker = new FakeBroker();

    @TempDir
    private Path folder;

    @Test
    void lines_are_on_disk_when_they_are_answered_and_the_bad_ones_are_told_and_kept() throws Exception {
        try (RunningGateway gateway = start("")) {
            HttpResponse<String> answer =
                    logs(gateway, "?host=web1", line(1, "/a") + "\nhello\n" + "h:80 " + line(2, "/b") + "\r\n");

            assertThat(answer.statusCode()).isEqualTo(202);
            JsonNode counts = JSON.readTree(answer.body());
            assertThat(counts.get("received").asInt()).isEqualTo(3);
            assertThat(counts.get("accepted").asInt()).isEqualTo(2);
            assertThat(counts.get("rejected").asInt()).isEqualTo(1);
            assertThat(counts.at("/errors/0/number").asInt()).isEqualTo(2);
            assertThat(counts.at("/errors/0/reason").asText()).isEqualTo("invalid-line");
            assertThat(gateway.requests()).extracting(Request::getPath).containsExactlyInAnyOrder("/a", "/b");
            assertThat(gateway.requests()).extracting(Request::getHost).containsExactlyInAnyOrder("web1", "h");
            JsonNode letters = JSON.readTree(gateway.get("/deadletters").body());
            assertThat(letters.at("/deadLetters/0/text").asText()).isEqualTo("hello");
            assertThat(letters.at("/deadLetters/0/origin").asText()).isEqualTo("/ingest/logs");
            assertThat(gateway.get("/ledger").body())
                    .contains("{\"source\":\"http\",\"received\":3,\"logged\":2,\"duplicate\":0,\"deadLettered\":1,"
                            + "\"refused\":0,\"presence\":0,\"retainedIgnored\":0,\"residual\":0}");
            assertThat(gateway.get("/metrics").body())
                    .contains("tidegate_events_total{outcome=\"logged\",source=\"http\"} 2.0");
        }
    }

    @Test
    void what_stands_in_front_of_each_line_is_taken_off_when_the_address_says_so() throws Exception {
        try (RunningGateway gateway = start("")) {
            String cri = "2026-11-23T07:40:02.123456789Z stdout F " + line(1, "/a");

            assertThat(logs(gateway, "?strip=cri", cri).statusCode()).isEqualTo(202);
            assertThat(logs(gateway, "", cri).statusCode()).isEqualTo(400);
            assertThat(logs(gateway, "?strip=all", cri).body()).contains("strip (expected: ");
            assertThat(gateway.requests()).extracting(Request::getPath).containsExactly("/a");
        }
    }

    @Test
    void readings_come_as_one_object_an_array_or_lines_each_for_itself() throws Exception {
        try (RunningGateway gateway = start("")) {
            assertThat(readings(
                            gateway, "{\"device\":\"d1\",\"metric\":\"t\",\n\"value\":1.5,\"unit\":\"Cel\",\"seq\":7}"))
                    .isEqualTo(202);
            assertThat(readings(gateway, "[{\"seq\":1,\"device\":\"d2\",\"a\":2,\"n\":{\"b\":true}},{\"a\":1},7]"))
                    .isEqualTo(202);
            assertThat(readings(
                            gateway,
                            "{\"device\":\"d3\",\"x\":1}\n{\"device\":\"d3\",\"x\":\n{\"device\":\"d3\",\"y\":2}\n"))
                    .isEqualTo(202);
            assertThat(readings(gateway, "{\"device\":\"d4\"}")).isEqualTo(400);

            assertThat(gateway.readings())
                    .containsExactlyInAnyOrder(
                            reading("d1", "t", 1.5).setUnit("Cel").setSeq(7).build(),
                            reading("d2", "a", 2).setSeq(1).build(),
                            reading("d2", "n.b", 1).setText("true").setSeq(1).build(),
                            reading("d3", "x", 1).build(),
                            reading("d3", "y", 2).build());
            assertThat(JSON.readTree(gateway.get("/deadletters").body()).findValuesAsText("reason"))
                    .containsExactly("no-value", "invalid-json", "invalid-json", "no-device");
        }
    }

    @Test
    void what_cannot_be_read_at_all_is_400_and_a_dead_letter() throws Exception {
        try (RunningGateway gateway = start("")) {
            assertThat(logs(gateway, "", "hello").statusCode()).isEqualTo(400);
            assertThat(logs(gateway, "", "\n\n").statusCode()).isEqualTo(400);
            assertThat(logs(gateway, "", "").statusCode()).isEqualTo(400);

            assertThat(gateway.get("/deadletters").body()).contains("\"retained\":1");
        }
    }

    @Test
    void what_is_not_understood_or_too_large_is_refused_with_the_reason() throws Exception {
        try (RunningGateway gateway = start("http.ingest { max-body = 10KiB }")) {
            assertThat(gateway.post("/ingest/logs", bytes(line(1, "/")), "Content-Type", "application/msgpack")
                            .statusCode())
                    .isEqualTo(415);
            assertThat(gateway.post(
                                    "/ingest/logs",
                                    bytes(line(1, "/")),
                                    "Content-Type",
                                    TEXT,
                                    "Content-Encoding",
                                    "snappy")
                            .statusCode())
                    .isEqualTo(415);
            assertThat(logs(gateway, "", "x".repeat(5_000_000)).statusCode()).isEqualTo(413);
            byte[] bomb = gzip(new byte[1 << 20]);
            assertThat(bomb).hasSizeLessThan(10 << 10);
            assertThat(zipped(gateway, bomb).statusCode()).isEqualTo(413);
            assertThat(zipped(gateway, bytes("no gzip")).statusCode()).isEqualTo(400);
            assertThat(gateway.get("/ingest/logs").statusCode()).isEqualTo(405);
            assertThat(gateway.post("/ingest/logs", bytes(line(1, "/")), "Idempotency-Key", "x".repeat(256))
                            .statusCode())
                    .isEqualTo(400);

            assertThat(zipped(gateway, gzip(bytes(line(1, "/zipped")))).statusCode())
                    .isEqualTo(202);
            assertThat(gateway.requests()).extracting(Request::getPath).containsExactly("/zipped");
        }
    }

    @Test
    void who_has_none_of_the_tokens_is_told_so_and_brings_nothing() throws Exception {
        try (RunningGateway gateway = start("http.ingest { tokens = [\"new-Token~1\", \"old/Token=\"] }")) {
            for (String wrong :
                    List.of("Bearer new-Token", "Bearer new-Token~1x", "Basic new-Token~1", "Bearer ", "x")) {
                HttpResponse<String> answer = authorized(gateway, wrong);
                assertThat(answer.statusCode()).as(wrong).isEqualTo(401);
                assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
                assertThat(answer.body()).contains("http.ingest.tokens").doesNotContain("oken~1");
            }
            assertThat(logs(gateway, "", line(1, "/")).statusCode()).isEqualTo(401);
            assertThat(readings(gateway, "{\"device\":\"d\",\"a\":1}")).isEqualTo(401);

            assertThat(authorized(gateway, "Bearer new-Token~1").statusCode()).isEqualTo(202);
            assertThat(authorized(gateway, "bearer old/Token=").statusCode()).isEqualTo(202);
            assertThat(gateway.requests()).hasSize(2);
            assertThat(gateway.get("/livez").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> authorized(RunningGateway gateway, String authorization) throws Exception {
        return gateway.post("/ingest/logs", bytes(line(1, "/a")), "Content-Type", TEXT, "Authorization", authorization);
    }

    @Test
    void the_same_key_brings_the_same_answer_and_nothing_twice_also_after_a_restart() throws Exception {
        byte[] body = bytes(
                IntStream.range(0, 50).mapToObj(i -> line(i, "/" + i)).reduce("", (all, next) -> all + next + "\n")
                        + "damaged");
        String first;
        try (RunningGateway gateway = start("")) {
            first = keyed(gateway, body, "k1").body();
            assertThat(keyed(gateway, body, "k1").body()).isEqualTo(first);
            assertThat(keyed(gateway, bytes("other"), "k1").statusCode()).isEqualTo(422);
            assertThat(gateway.requests()).hasSize(50);
        }

        try (RunningGateway gateway = start("")) {
            HttpResponse<String> again = keyed(gateway, body, "k1");
            assertThat(again.statusCode()).isEqualTo(202);
            assertThat(again.body()).isEqualTo(first);
            assertThat(gateway.requests()).hasSize(50);
            assertThat(keyed(gateway, body, "k2").body()).isEqualTo(first);
            assertThat(gateway.requests()).hasSize(100);
            assertThat(gateway.get("/ledger").body()).contains("\"residual\":0}\n");
        }
    }

    @Test
    void a_full_log_is_429_at_once_and_says_when_to_come_again() throws Exception {
        try (RunningGateway gateway = start("log { min-free-bytes = 1000000GiB }")) {
            HttpResponse<String> answer = logs(gateway, "", line(1, "/"));

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).contains("5");
            assertThat(answer.body()).contains("log.min-free-bytes");
        }
    }

    @Test
    void more_than_may_be_under_way_is_429() throws Exception {
        try (RunningGateway gateway = start("http.ingest { max-body = 10KiB, max-in-flight = 10KiB }");
                Socket slow = socket(gateway)) {
            slow.getOutputStream()
                    .write(bytes("POST /ingest/logs HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                            + "Content-Length: 10000\r\n\r\n"));
            slow.getOutputStream().flush();

            await().until(() ->
                    logs(gateway, "", line(1, "/" + "x".repeat(300))).statusCode() == 429);
        }
    }

    /** Requests that Fluent Bit 5.1.1 made of the same four lines of a file, byte for byte; see the folder's README. */
    @ParameterizedTest
    @ValueSource(strings = {"json", "json_lines", "json_gzip"})
    void fluent_bit_can_send_here(String format) throws Exception {
        byte[] request;
        try (InputStream captured = HttpIngestTest.class.getResourceAsStream("/fluent-bit/" + format + ".http")) {
            request = captured.readAllBytes();
        }
        try (RunningGateway gateway = start("")) {
            assertThat(exchange(gateway, request))
                    .startsWith("HTTP/1.1 202 ")
                    .contains("\"accepted\":4", "\"rejected\":0");
            assertThat(gateway.requests())
                    .allMatch(logged -> logged.getHost().equals("www.example.org"))
                    .extracting(Request::getPath)
                    .containsExactlyInAnyOrder(
                            "/presentations/logstash-monitorama-2013/images/kibana-search.png",
                            "/presentations/logstash-monitorama-2013/images/kibana-dashboard3.png",
                            "/presentations/logstash-monitorama-2013/plugin/highlight/highlight.js",
                            "/caf%C3%A9");
        }
    }

    /** In the shape of Vector's http sink, an array of json with gzip and newline_delimited; written by hand from its source. */
    @Test
    void vector_can_send_here() throws Exception {
        String escaped = line(1, "/vector").replace("\"", "\\\"");
        String event = "{\"file\":\"/var/log/access.log\",\"host\":\"machine\",\"message\":\"" + escaped
                + "\",\"source_type\":\"file\",\"timestamp\":\"2015-05-17T10:05:03.000Z\"}";
        try (RunningGateway gateway = start("")) {
            byte[] zipped = gzip(bytes("[" + event + "," + event + "]"));
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(bytes("POST /ingest/logs HTTP/1.1\r\ncontent-type: application/json\r\n"
                    + "content-encoding: gzip\r\nuser-agent: Vector/0.40.0 (x86_64-unknown-linux-gnu)\r\n"
                    + "accept-encoding: identity\r\nhost: 127.0.0.1:8470\r\ncontent-length: " + zipped.length
                    + "\r\n\r\n"));
            request.writeBytes(zipped);
            assertThat(exchange(gateway, request.toByteArray())).startsWith("HTTP/1.1 202 ");
            String lines = event + "\n" + event; // it takes the last line end away
            assertThat(exchange(
                            gateway,
                            bytes("POST /ingest/logs HTTP/1.1\r\ncontent-type: application/x-ndjson\r\n"
                                    + "user-agent: Vector/0.40.0 (x86_64-unknown-linux-gnu)\r\n"
                                    + "accept-encoding: identity\r\nhost: 127.0.0.1:8470\r\ncontent-length: "
                                    + lines.length() + "\r\n\r\n" + lines)))
                    .startsWith("HTTP/1.1 202 ");

            assertThat(gateway.requests())
                    .extracting(Request::getPath)
                    .containsOnly("/vector")
                    .hasSize(4);
        }
    }

    private RunningGateway start(String more) throws Exception {
        return RunningGateway.start(folder, broker, more);
    }

    private static HttpResponse<String> logs(RunningGateway gateway, String query, String body) throws Exception {
        return gateway.post("/ingest/logs" + query, bytes(body), "Content-Type", TEXT);
    }

    private static int readings(RunningGateway gateway, String body) throws Exception {
        return gateway.post("/ingest/readings", bytes(body), "Content-Type", "application/json")
                .statusCode();
    }

    private static HttpResponse<String> zipped(RunningGateway gateway, byte[] body) throws Exception {
        return gateway.post("/ingest/logs", body, "Content-Type", TEXT, "Content-Encoding", "gzip");
    }

    private static HttpResponse<String> keyed(RunningGateway gateway, byte[] body, String key) throws Exception {
        return gateway.post("/ingest/logs", body, "Content-Type", TEXT, "Idempotency-Key", key);
    }

    private static Socket socket(RunningGateway gateway) throws Exception {
        return new Socket(
                InetAddress.getLoopbackAddress(), gateway.addresses().pages().getPort());
    }

    /** Sends bytes and reads until the answer's body has ended. */
    private static String exchange(RunningGateway gateway, byte[] request) throws Exception {
        try (Socket socket = socket(gateway)) {
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            StringBuilder answer = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (!answer.toString().endsWith("}\n")) {
                int c = in.read();
                if (c < 0) {
                    break;
                }
                answer.append((char) c);
            }
            return answer.toString();
        }
    }

    private static String line(int client, String path) {
        return "192.0.2." + client + " - - [17/May/2015:10:05:03 +0000] \"GET " + path + " HTTP/1.1\" 200 5";
    }

    private static Reading.Builder reading(String device, String metric, double value) {
        return Reading.newBuilder().setDevice(device).setMetric(metric).setValue(value);
    }

    private static byte[] gzip(byte[] plain) throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(plain);
        }
        return zipped.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
