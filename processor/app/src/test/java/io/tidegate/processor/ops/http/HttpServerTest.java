package io.tidegate.processor.ops.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.processor.ops.ProcessorMetrics;
import io.tidegate.processor.ops.Readiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {

    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final ProcessorMetrics metrics = new ProcessorMetrics();
    private HttpServer http;

    @BeforeEach
    void start() throws Exception {
        http = HttpServer.start(
                LOOPBACK,
                Map.of(
                        "/livez", () -> HttpReply.json(200, Map.of("status", "alive")),
                        "/metrics", metrics::reply,
                        "/broken",
                                () -> {
                                    throw new IllegalStateException("out of order");
                                }));
    }

    @AfterEach
    void stop() {
        http.close();
    }

    @Test
    void a_page_answers_what_it_says() throws Exception {
        HttpResponse<String> response = get("/livez");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body()).isEqualTo("{\"status\":\"alive\"}\n");
    }

    @Test
    void an_unknown_page_names_the_known_ones() throws Exception {
        HttpResponse<String> response = get("/nothing");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("/livez", "/metrics");
    }

    @Test
    void a_page_that_fails_is_an_answer_and_the_others_go_on() throws Exception {
        assertThat(get("/broken").statusCode()).isEqualTo(500);
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void only_reading_is_allowed() throws Exception {
        HttpRequest post =
                request("/livez").POST(HttpRequest.BodyPublishers.ofString("x")).build();

        HttpResponse<String> response = HttpClient.newHttpClient().send(post, BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void head_is_answered_as_get_is_without_the_body() throws Exception {
        String answer = said("HEAD /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
        assertThat(answer.toLowerCase(Locale.ROOT)).contains("content-length: 19\r\n");
    }

    @Test
    void http_1_0_needs_no_host() throws Exception {
        assertThat(said("GET /livez HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\n{\"status\":\"alive\"}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "what is this\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"
            })
    void what_is_no_request_for_a_page_is_answered_too(String request) throws Exception {
        assertThat(said(request)).startsWith("HTTP/1.1 4");
    }

    @Test
    void half_requests_keep_nobody_from_the_pages_and_of_too_many_the_oldest_are_hung_up_on() throws Exception {
        List<Socket> halves = new ArrayList<>();
        try {
            for (int i = 0; i < HttpServer.MAX_CONNECTIONS + 10; i++) {
                halves.add(opened("GET /livez HT"));
            }

            assertThat(get("/livez").statusCode()).isEqualTo(200);
            assertThat(rest(halves.get(0))).isEmpty();
        } finally {
            for (Socket half : halves) {
                half.close();
            }
        }
    }

    @Test
    void a_request_that_does_not_come_is_not_waited_for() throws Exception {
        http.close();
        http = HttpServer.start(LOOPBACK, Map.of(), Duration.ofMillis(200));

        try (Socket half = opened("GET /livez HT")) {
            assertThat(rest(half)).isEmpty();
        }
    }

    @Test
    void an_address_that_is_taken_is_said() {
        assertThatThrownBy(() -> HttpServer.start(http.address(), Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void metrics_have_the_names_of_the_manual() throws Exception {
        metrics.published("totals", 3);
        metrics.gauge("tidegate.batches.waiting", "Batches that wait", () -> 2);
        metrics.count("tidegate.events.late", "Late events", "sessions", () -> 4);

        assertThat(get("/metrics").body())
                .contains("tidegate_results_published_total{query=\"totals\"} 3.0")
                .contains("tidegate_batches_waiting 2.0")
                .contains("tidegate_events_late_total{query=\"sessions\"} 4.0")
                .contains("tidegate_batch_seconds_count")
                .contains("tidegate_batch_scheduling_delay_seconds_count")
                .contains("tidegate_events_total 0.0");
    }

    @Test
    void readiness_says_why() {
        assertThat(new Readiness(List.of(), List.of()).reply())
                .isEqualTo(new HttpReply(200, "application/json", "{\"status\":\"ready\"}\n"));
        assertThat(new Readiness(List.of(), List.of("slow")).reply())
                .isEqualTo(
                        new HttpReply(200, "application/json", "{\"status\":\"degraded\",\"reasons\":[\"slow\"]}\n"));
        HttpReply blocked = new Readiness(List.of("broker away"), List.of("slow")).reply();
        assertThat(blocked.status()).isEqualTo(503);
        assertThat(blocked.body()).contains("[\"broker away\",\"slow\"]");
    }

    private String said(String request) throws IOException {
        try (Socket socket = opened(request)) {
            return rest(socket);
        }
    }

    private Socket opened(String text) throws IOException {
        Socket socket = new Socket(http.address().getAddress(), http.address().getPort());
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        return socket;
    }

    /** All that the other side says until it hangs up. */
    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient().send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + http.address().getPort() + path));
    }
}
