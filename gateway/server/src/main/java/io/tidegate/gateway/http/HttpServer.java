package io.tidegate.gateway.http;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.settings.ServerSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * An HTTP server with a bounded number of connections, a few of which are kept for probes.
 *
 * @param binding how it is told to stop
 */
public record HttpServer(ServerBinding binding) {

    private static final Duration LAST_REQUESTS = Duration.ofSeconds(2);

    /** Answers requests. Called on any thread; does not block. */
    @FunctionalInterface
    public interface Handler {
        /** The answer. */
        CompletionStage<HttpResponse> answer(HttpRequest request);
    }

    /**
     * Listens; fails when the address is taken.
     *
     * @param longestAnswer a request without an answer for so long is given up
     * @param all answers every request
     * @param probes answers requests of a connection that is beyond the limit
     */
    public static CompletionStage<HttpServer> start(
            ActorSystem<?> system, HttpSettings settings, Duration longestAnswer, Handler all, Handler probes) {
        ConnectionLimiter connections = new ConnectionLimiter(settings.maxConnections());
        return Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .withSettings(akka(system, settings, longestAnswer))
                .bindFlow(connections.flow(all, probes))
                .thenApply(HttpServer::new);
    }

    private static ServerSettings akka(ActorSystem<?> system, HttpSettings settings, Duration longestAnswer) {
        ServerSettings akka = ServerSettings.create(Adapter.toClassic(system));
        return akka.withMaxConnections(settings.maxConnections() + ConnectionLimiter.RESERVED)
                .withTimeouts(akka.getTimeouts()
                        .withRequestTimeout(scala.concurrent.duration.Duration.fromNanos(longestAnswer.toNanos())));
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return binding.localAddress();
    }

    /** Stops listening; requests under way get two seconds. */
    public CompletionStage<Void> stop() {
        return binding.terminate(LAST_REQUESTS).thenAccept(terminated -> {});
    }
}
