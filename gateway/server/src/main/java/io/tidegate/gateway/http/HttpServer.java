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
import akka.http.javadsl.model.headers.RawHeader;
import akka.japi.function.Function;
import akka.stream.Materializer;
import io.tidegate.gateway.decode.Bodies;
import io.tidegate.gateway.source.PushIntake;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@link Pages}, GET only and without state, and takes in what is sent to {@link IngestHandler}. */
public final class HttpServer {

    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(2);

    private final ServerBinding binding;

    private final IngestHandler ingest;

    private HttpServer(ServerBinding binding, IngestHandler ingest) {
        this.binding = binding;
        this.ingest = ingest;
    }

    /**
     * Listens; fails when the address is taken.
     *
     * @param bodies reads what is sent to us
     * @param intake takes it
     * @param clockMs the gateway's
     */
    public static CompletionStage<HttpServer> start(
            ActorSystem<?> system,
            HttpSettings settings,
            Pages pages,
            Bodies bodies,
            PushIntake intake,
            LongSupplier clockMs) {
        RememberedAnswers answers =
                new RememberedAnswers(settings.ingest(), pages.store().marks(RememberedAnswers.MARKS));
        IngestHandler ingest = new IngestHandler(
                system,
                settings.senders(),
                new Ingest(settings.ingest(), bodies, intake, answers, pages.store(), clockMs));
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        Materializer materializer = Materializer.createMaterializer(system);
        Function<HttpRequest, CompletionStage<HttpResponse>> handler =
                request -> IngestHandler.isFor(request.getUri().path())
                        ? ingest.answer(request).thenApply(HttpServer::response)
                        : answer(request, pages, materializer, blocking);
        return Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .bind(handler)
                .thenApply(binding -> new HttpServer(binding, ingest));
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return binding.localAddress();
    }

    /** What is sent to us is answered 503 from now on; pages are still served. */
    public void refuse() {
        ingest.stop();
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
        HttpResponse response = HttpResponse.create()
                .withStatus(reply.status())
                .withEntity(contentType(reply), reply.body().getBytes(UTF_8));
        return switch (reply.status()) {
            case 401 -> response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
            case 429, 503 ->
                response.addHeader(RawHeader.create(
                        "Retry-After", Long.toString(Ingest.retryAfter().toSeconds())));
            default -> response;
        };
    }

    private static ContentType contentType(Reply reply) {
        return reply.contentType().equals(Reply.JSON_TYPE)
                ? ContentTypes.APPLICATION_JSON
                : ContentTypes.parse(reply.contentType());
    }
}
