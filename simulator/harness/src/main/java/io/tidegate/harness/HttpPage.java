package io.tidegate.harness;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** The pages of the programs under test, on loopback. */
public final class HttpPage {

    /** Long, as a program that waits for a core answers late although it is there. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private HttpPage() {}

    /** The answer, whatever its status; empty when the program does not answer. */
    public static Optional<HttpResponse<String>> get(int port, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .build();
        try {
            return Optional.of(Unchecked.get(() -> CLIENT.send(request, HttpResponse.BodyHandlers.ofString())));
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
