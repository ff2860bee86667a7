package io.tidegate.processor.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointTest {

    private final Metrics metrics = new Metrics();
    private HttpEndpoint http;

    @BeforeEach
    void start() throws Exception {
        http = HttpEndpoint.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Map.of(
                        "/livez", () -> Reply.json(200, Map.of("status", "alive")),
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

        assertThat(HttpClient.newHttpClient()
                        .send(post, BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(405);
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
                .isEqualTo(new Reply(200, "application/json", "{\"status\":\"ready\"}\n"));
        assertThat(new Readiness(List.of(), List.of("slow")).reply())
                .isEqualTo(new Reply(200, "application/json", "{\"status\":\"degraded\",\"reasons\":[\"slow\"]}\n"));
        Reply blocked = new Readiness(List.of("broker away"), List.of("slow")).reply();
        assertThat(blocked.status()).isEqualTo(503);
        assertThat(blocked.body()).contains("[\"broker away\",\"slow\"]");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient().send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + http.address().getPort() + path));
    }
}
