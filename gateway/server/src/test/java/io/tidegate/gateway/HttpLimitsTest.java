package io.tidegate.gateway;

import static io.tidegate.gateway.RawHttp.answer;
import static io.tidegate.gateway.RawHttp.exchange;
import static io.tidegate.gateway.RawHttp.rest;
import static io.tidegate.gateway.RawHttp.send;
import static io.tidegate.gateway.RawHttp.socket;
import static io.tidegate.gateway.RawHttp.statusLine;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.protocol.v1.Request;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a request may cost, and that the gateway answers whatever others send. */
class HttpLimitsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEXT = "text/plain";

    private final FakeBroker broker = new FakeBroker();

    @TempDir
    private Path folder;

    @Test
    void a_body_of_millions_of_lines_in_a_few_kilobytes_is_refused_and_leaves_nothing_behind() throws Exception {
        byte[] bomb = gzip("x\n".repeat(4 << 20));
        assertThat(bomb).hasSizeLessThan(10_000);
        try (RunningGateway gateway = start("")) {
            HttpResponse<String> answer = zipped(gateway, bomb);

            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("limits.body-events");
            assertThat(gateway.get("/deadletters").body()).contains("\"retained\":0");
            assertThat(logs(gateway, "", line(1, "/good")).statusCode()).isEqualTo(202);
        }
    }

    @Test
    void bad_lines_beyond_a_limit_share_one_dead_letter_the_good_ones_among_them_count_and_the_ledger_balances()
            throws Exception {
        String body = "x\n".repeat(5_000) + line(1, "/good") + "\n" + "y\n".repeat(5_000);
        try (RunningGateway gateway = start("limits.rejections = 7")) {
            HttpResponse<String> answer = logs(gateway, "", body);

            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(answer.body()).startsWith("{\"received\":10001,\"accepted\":1,\"rejected\":10000,");
            assertThat(gateway.requests()).extracting(Request::getPath).containsExactly("/good");
            JsonNode page = JSON.readTree(gateway.get("/deadletters").body());
            assertThat(page.get("retained").asInt()).isEqualTo(8);
            assertThat(page.at("/deadLetters/0/reason").asText()).isEqualTo("too-many-rejections");
            assertThat(page.at("/deadLetters/0/detail").asText())
                    .startsWith("9993 more lines or items, from number 8 on");
            assertThat(gateway.get("/ledger").body())
                    .contains(
                            "{\"source\":\"http\",\"received\":10001,\"logged\":1,\"duplicate\":0,\"deadLettered\":10000,"
                                    + "\"refused\":0,\"presence\":0,\"retainedIgnored\":0,\"residual\":0}");
        }
    }

    @Test
    void items_of_an_array_beyond_the_limit_are_not_looked_at_and_one_dead_letter_says_how_many() throws Exception {
        String items = "{\"device\":\"d\",\"a\":1},".repeat(20) + "{\"device\":\"last\",\"a\":1}";
        try (RunningGateway gateway = start("limits.body-events = 15")) {
            HttpResponse<String> answer =
                    gateway.post("/ingest/readings", bytes("[" + items + "]"), "Content-Type", "application/json");

            assertThat(answer.body()).startsWith("{\"received\":21,\"accepted\":15,\"rejected\":6,");
            assertThat(gateway.readings())
                    .hasSize(15)
                    .allMatch(reading -> reading.getDevice().equals("d"));
            JsonNode page = JSON.readTree(gateway.get("/deadletters").body());
            assertThat(page.get("retained").asInt()).isEqualTo(1);
            assertThat(page.at("/deadLetters/0/reason").asText()).isEqualTo("too-many-events");
            assertThat(page.at("/deadLetters/0/detail").asText()).startsWith("6 lines or items, from number 16 on");
        }
    }

    @Test
    void one_mqtt_message_of_bad_lines_does_not_evict_the_dead_letters_that_are_kept() throws Exception {
        try (RunningGateway gateway = start("log.max-dead-letters = 1000")) {
            assertThat(logs(gateway, "", "kept").statusCode()).isEqualTo(400);
            await().until(() -> !broker.links("tidegate-gateway-mqtt").isEmpty());
            broker.links("tidegate-gateway-mqtt").get(0).deliver("weblogs/h", "x\n".repeat(128 << 10));

            await().until(() -> JSON.readTree(gateway.get("/ledger").body())
                    .findValuesAsText("deadLettered")
                    .contains(Integer.toString(128 << 10)));
            JsonNode page = JSON.readTree(gateway.get("/deadletters?limit=200").body());
            assertThat(page.get("deadLetters").size()).isEqualTo(1 + 100 + 2);
            assertThat(page.findValuesAsText("text")).endsWith("kept");
            assertThat(gateway.get("/ledger").body()).contains("\"residual\":0}\n");
        }
    }

    @Test
    void a_host_that_is_none_is_told_and_brings_nothing() throws Exception {
        try (RunningGateway gateway = start("")) {
            for (String host : List.of("h".repeat(254), "%c3%a9".repeat(127), "a%0ab", "a%20b")) {
                HttpResponse<String> answer = logs(gateway, "?host=" + host, line(1, "/bad"));
                assertThat(answer.statusCode()).as(host).isEqualTo(400);
                assertThat(answer.body()).as(host).contains("host: ");
            }
            assertThat(gateway.post(
                                    "/ingest/logs",
                                    bytes(line(1, "/bad")),
                                    "Content-Type",
                                    TEXT,
                                    "X-Tidegate-Host",
                                    "h".repeat(254))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(logs(gateway, "?host=" + "h".repeat(253), line(1, "/good"))
                            .statusCode())
                    .isEqualTo(202);
            assertThat(gateway.requests()).extracting(Request::getHost).containsExactly("h".repeat(253));
        }
    }

    @Test
    void a_page_of_dead_letters_is_bounded_in_bytes_and_goes_on_to_the_last() throws Exception {
        try (RunningGateway gateway = start("")) {
            for (int i = 0; i < 40; i++) {
                assertThat(logs(gateway, "", i + "x".repeat(60_000)).statusCode())
                        .isEqualTo(400);
            }
            List<Long> numbers = new ArrayList<>();
            int pages = 0;
            String query = "?limit=200";
            while (!query.isEmpty()) {
                JsonNode page =
                        JSON.readTree(gateway.get("/deadletters" + query).body());
                page.findValues("number").forEach(number -> numbers.add(number.asLong()));
                assertThat(page.get("retained").asInt()).isEqualTo(40);
                query = page.has("before")
                        ? "?limit=200&before=" + page.get("before").asLong()
                        : "";
                pages++;
            }
            // 18 letters of 60,000 bytes are more than 1 MiB, 17 are not.
            assertThat(pages).isEqualTo(3);
            assertThat(numbers).hasSize(40).doesNotHaveDuplicates().first().isEqualTo(39L);
            assertThat(numbers).last().isEqualTo(0L);
        }
    }

    @Test
    void payloads_of_dead_letters_are_shown_to_who_has_a_token_when_there_is_one() throws Exception {
        try (RunningGateway gateway = start("http.ingest.tokens = [secret]")) {
            assertThat(gateway.post("/ingest/logs", bytes("private"), "Authorization", "Bearer secret")
                            .statusCode())
                    .isEqualTo(400);
            HttpResponse<String> answer = gateway.get("/deadletters");
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
            assertThat(exchange(gateway, "GET /deadletters HTTP/1.0\r\nAuthorization: Bearer secret\r\n\r\n"))
                    .contains(" 200 OK")
                    .contains("\"text\":\"private\"");
        }
    }

    @Test
    void a_body_may_be_as_large_as_max_body_says() throws Exception {
        String large = (line(1, "/" + "a".repeat(4_000)) + "\n").repeat(3_000);
        try (RunningGateway gateway = start("http.ingest { max-body = 16MiB }")) {
            assertThat(large.length()).isBetween(9 << 20, 16 << 20);
            assertThat(logs(gateway, "", large).body()).startsWith("{\"received\":3000,\"accepted\":3000,");
            assertThat(zipped(gateway, gzip(large)).body()).startsWith("{\"received\":3000,\"accepted\":3000,");
        }
    }

    @Test
    void small_bodies_without_a_length_and_packed_ones_find_room_beside_each_other() throws Exception {
        byte[] zipped = gzip(line(1, "/zipped"));
        List<Socket> senders = new ArrayList<>();
        try (RunningGateway gateway = start("http.ingest { max-body = 8MiB, max-in-flight = 8MiB }")) {
            for (int i = 0; i < 10; i++) {
                Socket chunked = socket(gateway);
                senders.add(chunked);
                chunked.getOutputStream()
                        .write(bytes("POST /ingest/logs HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n1\r\n\n\r\n"));
                Socket packed = socket(gateway);
                senders.add(packed);
                packed.getOutputStream()
                        .write(bytes("POST /ingest/logs HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                                + "Content-Encoding: gzip\r\nContent-Length: " + zipped.length + "\r\n\r\n"));
                packed.getOutputStream().write(zipped, 0, 5);
            }
            assertThat(zipped(gateway, zipped).statusCode()).isEqualTo(202);
            for (int i = 0; i < senders.size(); i += 2) {
                senders.get(i)
                        .getOutputStream()
                        .write(bytes(Integer.toHexString(line(1, "/c").length()) + "\r\n" + line(1, "/c")
                                + "\r\n0\r\n\r\n"));
                assertThat(answer(senders.get(i))).startsWith("HTTP/1.1 202 ");
            }
        } finally {
            for (Socket sender : senders) {
                sender.close();
            }
        }
    }

    @Test
    void a_page_answers_head_and_says_which_methods_it_knows_and_http_1_0_needs_no_host() throws Exception {
        try (RunningGateway gateway = start("")) {
            HttpResponse<String> head = gateway.send("HEAD", "/info");
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            HttpResponse<String> delete = gateway.send("DELETE", "/info");
            assertThat(delete.statusCode()).isEqualTo(405);
            assertThat(delete.headers().firstValue("Allow")).hasValue("GET, HEAD");
            HttpResponse<String> get = gateway.get("/ingest/logs");
            assertThat(get.statusCode()).isEqualTo(405);
            assertThat(get.headers().firstValue("Allow")).hasValue("POST");
            assertThat(exchange(gateway, "GET /livez HTTP/1.0\r\n\r\n"))
                    .contains(" 200 OK")
                    .contains("live");
        }
    }

    @Test
    void a_sender_that_asks_first_is_told_to_go_on_or_why_not() throws Exception {
        String head =
                "Host: x\r\nContent-Type: text/plain\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: ";
        try (RunningGateway gateway = start("");
                Socket socket = socket(gateway)) {
            send(socket, "POST /ingest/logs HTTP/1.1\r\n" + head + line(1, "/").length() + "\r\n\r\n");
            assertThat(statusLine(socket)).isEqualTo("HTTP/1.1 100 Continue");
            send(socket, line(1, "/"));
            assertThat(rest(socket)).contains("HTTP/1.1 202 ");
            assertThat(exchange(gateway, "POST /ingest/logs HTTP/1.1\r\n" + head + "9000000\r\n\r\n"))
                    .startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void a_body_that_does_not_come_to_its_end_is_408_and_its_room_is_free_again() throws Exception {
        String head = "POST /ingest/logs HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ";
        try (RunningGateway gateway =
                        start("http.ingest { body-timeout = 1s, max-body = 1KiB, max-in-flight = 1KiB }");
                Socket socket = socket(gateway)) {
            send(socket, head + "1000\r\n\r\nhalf a line");
            assertThat(answer(socket)).startsWith("HTTP/1.1 408 ").contains("the body did not come within 1 s");
            assertThat(logs(gateway, "", line(1, "/good")).statusCode()).isEqualTo(202);
        }
    }

    @Test
    void a_sender_without_a_token_that_asks_first_is_refused_before_it_sends() throws Exception {
        try (RunningGateway gateway = start("http.ingest.tokens = [secret]")) {
            assertThat(exchange(
                            gateway,
                            "POST /ingest/logs HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                                    + "Expect: 100-continue\r\nContent-Length: 84\r\n\r\n"))
                    .startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void an_empty_body_and_a_gzip_without_content_are_400_and_no_dead_letter() throws Exception {
        byte[] packed = gzip("");
        byte[] headOnly = Arrays.copyOf(packed, 10);
        try (RunningGateway gateway = start("")) {
            assertThat(logs(gateway, "", "").statusCode()).isEqualTo(400);
            assertThat(zipped(gateway, packed).statusCode()).isEqualTo(400);
            assertThat(zipped(gateway, headOnly).statusCode()).isEqualTo(400);
            assertThat(zipped(gateway, headOnly).body()).contains("no gzip").doesNotContain("null");
            assertThat(zipped(gateway, new byte[0]).body()).doesNotContain("null");
            assertThat(gateway.get("/deadletters").body()).contains("\"retained\":0");
        }
    }

    private RunningGateway start(String more) throws Exception {
        return RunningGateway.start(folder, broker, more);
    }

    private static HttpResponse<String> logs(RunningGateway gateway, String query, String body) throws Exception {
        return gateway.post("/ingest/logs" + query, bytes(body), "Content-Type", TEXT);
    }

    private static HttpResponse<String> zipped(RunningGateway gateway, byte[] body) throws Exception {
        return gateway.post("/ingest/logs", body, "Content-Type", TEXT, "Content-Encoding", "gzip");
    }

    private static String line(int client, String path) {
        return "192.0.2." + client + " - - [17/May/2015:10:05:03 +0000] \"GET " + path + " HTTP/1.1\" 200 5";
    }

    private static byte[] gzip(String plain) throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes(plain));
        }
        return zipped.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
