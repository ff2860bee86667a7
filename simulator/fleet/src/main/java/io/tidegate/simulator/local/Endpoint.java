package io.tidegate.simulator.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * The HTTP side of a program.
 *
 * @param base {@code http://host:port}
 */
public record Endpoint(String base) {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    static Endpoint local(int port) {
        return new Endpoint("http://127.0.0.1:" + port);
    }

    /** Whether {@code /readyz} says so. */
    public boolean isReady() throws InterruptedException {
        return text("/readyz").isPresent();
    }

    /** The JSON that it answers; a missing node when it does not answer with 200, or its answer is cut off. */
    public JsonNode json(String path) throws InterruptedException {
        return Json.read(text(path).orElse(""));
    }

    /** What it answers, empty when it does not answer with 200. */
    public Optional<String> text(String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // not up yet, or not any more
        }
    }
}
