package io.tidegate.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.japi.function.Function;
import akka.stream.Materializer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@link Pages}: GET only, without state. */
public final class HttpServer {

    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(2);

    private final ServerBinding binding;

    private HttpServer(ServerBinding binding) {
        this.binding = binding;
    }

    /** Listens; fails when the address is taken. */
    public static CompletionStage<HttpServer> start(ActorSystem<?> system, HttpSettings settings, Pages pages) {
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        Materializer materializer = Materializer.createMaterializer(system);
        Function<HttpRequest, CompletionStage<HttpResponse>> handler =
                request -> answer(request, pages, materializer, blocking);
        return Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .bind(handler)
                .thenApply(HttpServer::new);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return binding.localAddress();
    }

    /** Stops listening; requests under way get two seconds. */
    public CompletionStage<Void> stop() {
        return binding.terminate(LAST_REQUESTS).thenApply(terminated -> null);
    }

    private static CompletionStage<HttpResponse> answer(
            HttpRequest request, Pages pages, Materializer materializer, Executor blocking) {
        request.discardEntityBytes(materializer);
        if (!request.method().equals(HttpMethods.GET)) {
            return CompletableFuture.completedFuture(response(Reply.error(405, "expected: GET")));
        }
        String path = request.getUri().path();
        return CompletableFuture.supplyAsync(
                        () -> pages.get(path, name -> request.getUri().query().get(name)), blocking)
                .exceptionally(failure -> {
                    log.error("{} failed", path, failure);
                    return Reply.error(500, "it failed; the log says why");
                })
                .thenApply(HttpServer::response);
    }

    private static HttpResponse response(Reply reply) {
        return HttpResponse.create()
                .withStatus(reply.status())
                .withEntity(contentType(reply), reply.body().getBytes(UTF_8));
    }

    private static ContentType contentType(Reply reply) {
        return reply.contentType().equals(Reply.JSON_TYPE)
                ? ContentTypes.APPLICATION_JSON
                : ContentTypes.parse(reply.contentType());
    }
}
