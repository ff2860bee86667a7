package io.tidegate.gateway;

import static io.tidegate.gateway.RawHttp.exchange;
import static io.tidegate.gateway.RawHttp.send;
import static io.tidegate.gateway.RawHttp.socket;
import static io.tidegate.gateway.RawHttp.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that real programs send ({@link Cases}), to a whole gateway. */
class HttpCasesTest {

    private static final String TEXT = "text/plain";
    private static final String LINE =
            "192.0.2.7 - - [23/Nov/2026:07:40:02 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"curl/8.5.0\"\n";

    private static final Map<String, JsonNode> cases = new LinkedHashMap<>();

    @TempDir
    private Path folder;

    private RunningGateway gateway;

    @BeforeAll
    static void read() throws Exception {
        cases.putAll(Cases.read());
    }

    @BeforeEach
    void aGateway() throws Exception {
        gateway = RunningGateway.start(folder, new FakeBroker(), "");
    }

    @AfterEach
    void itEnds() throws Exception {
        gateway.close();
    }

    @Test
    void old_monitors_ask_with_http_1_0_and_no_host() throws Exception {
        assertThat(exchange(gateway, text("T2-120"))).contains(" 200 OK\r\n");
        assertThat(exchange(gateway, "GET /readyz HTTP/1.0\r\n\r\n"))
                .containsPattern("^HTTP/1.\\d (200|503) ")
                .contains("\"status\":");
        assertThat(exchange(gateway, "GET /metrics HTTP/1.0\r\n\r\n")).contains(" 200 OK\r\n");
        assertThat(exchange(gateway, "OPTIONS /livez HTTP/1.0\r\n\r\n"))
                .contains(" 405 ")
                .contains("Allow: GET, HEAD");
    }

    @Test
    void who_asks_first_is_told_to_go_on_or_why_not() throws Exception {
        String head = text("T2-122");
        try (Socket socket = socket(gateway)) {
            send(socket, head);
            assertThat(until(socket, "\r\n\r\n")).startsWith("HTTP/1.1 100 Continue");
            assertThat(LINE).hasSize(84);
            send(socket, LINE);
            assertThat(until(socket, "}\n")).startsWith("HTTP/1.1 202 ").contains("\"accepted\":1");
        }
        try (Socket socket = socket(gateway)) {
            send(socket, head.replace("Length: 84", "Length: 9000000"));
            assertThat(until(socket, "}\n")).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void other_methods_than_post_are_405_with_allow_and_bring_nothing() throws Exception {
        String head = text("T2-123");
        for (String method : List.of("HEAD", "GET", "PUT", "OPTIONS")) {
            try (Socket socket = socket(gateway)) {
                send(socket, head.replace("HEAD", method));
                assertThat(until(socket, "\r\n\r\n"))
                        .startsWith("HTTP/1.1 405 ")
                        .contains("Allow: POST\r\n");
            }
        }
        assertThat(gateway.get("/ledger").body()).doesNotContain("\"source\":\"http\"");
        assertThat(gateway.get("/deadletters").body()).contains("\"retained\":0");
    }

    @Test
    void an_unknown_packing_is_415_and_says_what_is_known() throws Exception {
        HttpResponse<String> answer = packed("T2-125", "zstd");
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("expected: gzip, or none");
        assertThat(gateway.get("/deadletters").body()).contains("\"retained\":0");
    }

    @Test
    void x_gzip_is_gzip_whatever_its_case() throws Exception {
        for (String name : List.of("x-gzip", "GZIP")) {
            HttpResponse<String> answer = packed("T2-126", name);
            assertThat(answer.statusCode()).as(name).isEqualTo(202);
            assertThat(answer.body()).contains("\"received\":1,\"accepted\":1");
        }
    }

    @Test
    void gzip_of_two_members_is_read_to_its_end() throws Exception {
        HttpResponse<String> answer = packed("T2-127", "gzip");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).contains("\"received\":2,\"accepted\":2");
    }

    @Test
    void parameters_of_a_content_type_do_not_matter_and_what_is_none_is_415() throws Exception {
        String body = text("T2-128");
        Map<String, Integer> expected = Map.of(
                "application/json;", 202,
                "application/json; charset=utf8", 202,
                "application/json;charset=\"UTF-8\"", 202,
                "json", 415);
        for (Map.Entry<String, Integer> each : expected.entrySet()) {
            assertThat(exchange(
                            gateway,
                            "POST /ingest/readings HTTP/1.1\r\nHost: x\r\nContent-Type: " + each.getKey()
                                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))
                    .as(each.getKey())
                    .startsWith("HTTP/1.1 " + each.getValue() + " ");
        }
    }

    @Test
    void a_host_may_have_underscores() throws Exception {
        assertThat(exchange(gateway, text("T2-129")))
                .containsPattern("^HTTP/1.1 (200|503) ")
                .contains("\"status\":");
    }

    @Test
    void a_key_is_of_one_address_and_one_body_and_brings_a_refused_one_nothing_twice() throws Exception {
        String key = "\"8e03978e-40d5\"";
        String body = text("T2-133");
        HttpResponse<String> first = keyed("/ingest/readings", body, key);
        assertThat(first.statusCode()).isEqualTo(202);
        HttpResponse<String> again = keyed("/ingest/readings", body, key);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(keyed("/ingest/readings", body.replace("\"value\":1", "\"value\":2"), key)
                        .statusCode())
                .isEqualTo(422);
        assertThat(keyed("/ingest/logs", LINE, key).statusCode()).isEqualTo(202);
        assertThat(gateway.readings())
                .singleElement()
                .satisfies(reading -> assertThat(reading.getValue()).isEqualTo(1));
        assertThat(gateway.requests()).hasSize(1);

        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            statuses.add(keyed("/ingest/readings", "{", "bad").statusCode());
        }
        assertThat(statuses).containsExactly(400, 400);
        assertThat(gateway.get("/deadletters").body()).contains("\"retained\":1");
    }

    private HttpResponse<String> packed(String id, String encoding) throws Exception {
        return gateway.post("/ingest/logs", Cases.input(one(id)), "Content-Type", TEXT, "Content-Encoding", encoding);
    }

    private HttpResponse<String> keyed(String path, String body, String key) throws Exception {
        return gateway.post(path, body.getBytes(UTF_8), "Content-Type", TEXT, "Idempotency-Key", key);
    }

    private static JsonNode one(String id) {
        return Objects.requireNonNull(cases.get(id), id);
    }

    private static String text(String id) {
        return one(id).get("input").asText();
    }
}
