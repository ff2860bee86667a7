package io.tidegate.simulator.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A gateway's {@code /ingest/logs}. Each request has an idempotency key, so that what is sent again after a lost answer
 * counts once.
 */
public final class HttpSink implements LineSink {
    private static final int TRIES = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final URI url;

    /** Sends to this address. */
    public HttpSink(URI url) {
        this.url = url;
    }

    @Override
    public String target() {
        return url.toString();
    }

    @Override
    public void send(List<String> lines) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("Content-Type", "text/plain")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        String.join("\n", lines).getBytes(ISO_8859_1)))
                .build();
        String refusal = "";
        for (int tried = 0; tried < TRIES; tried++) {
            try {
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 202 || areDeadLetters(response, lines.size())) {
                    return;
                }
                refusal = response.statusCode() + " " + response.body();
                if (response.statusCode() != 429 && response.statusCode() != 503) {
                    break;
                }
                TimeUnit.SECONDS.sleep(
                        response.headers().firstValueAsLong("Retry-After").orElse(1));
            } catch (IOException e) {
                refusal = e.toString();
                TimeUnit.SECONDS.sleep(1);
            }
        }
        throw new IOException(refusal);
    }

    /** None of the lines can be read, which is what damaged lines are for; any other 400 is a refusal of the request. */
    private static boolean areDeadLetters(HttpResponse<String> response, int lines) {
        if (response.statusCode() != 400) {
            return false;
        }
        JsonNode answer = Json.read(response.body());
        return answer.path("received").asInt() == lines
                && answer.path("rejected").asInt() == lines;
    }

    @Override
    public void close() {
        // The client ends with its last request.
    }
}
