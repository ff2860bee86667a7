package io.tidegate.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.Adapter;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.settings.ServerSettings;
import akka.stream.ActorAttributes;
import akka.stream.Materializer;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.tidegate.gateway.decode.Bodies;
import io.tidegate.gateway.source.PushIntake;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link Pages}, without state, and takes in what is sent to {@link IngestHandler}. Probes are answered when all
 * connections and all threads that wait for the disk are taken.
 */
public final class HttpServer {

    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(2);

    private final Pages pages;
    private final BearerTokens senders;
    private final IngestHandler ingest;
    private final Materializer materializer;
    private final Executor blocking;
    private final ExecutorService probing = Executors.newSingleThreadExecutor(run -> {
        Thread thread = new Thread(run, "http-readyz");
        thread.setDaemon(true);
        return thread;
    });

    private HttpServer(ActorSystem<?> system, BearerTokens senders, Pages pages, IngestHandler ingest) {
        this.pages = pages;
        this.senders = senders;
        this.ingest = ingest;
        this.materializer = Materializer.createMaterializer(system);
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    /**
     * Where it listens.
     *
     * @param server what listens there
     * @param binding how it is told to stop
     */
    public record Listening(HttpServer server, ServerBinding binding) {

        /** The address. */
        public InetSocketAddress address() {
            return binding.localAddress();
        }

        /** What is sent to us is answered 503 from now on; pages are still served. */
        public void refuse() {
            server.ingest.stop();
        }

        /** Stops listening; requests under way get two seconds. */
        public CompletionStage<Void> stop() {
            return binding.terminate(LAST_REQUESTS).thenAccept(terminated -> server.probing.shutdown());
        }
    }

    /**
     * Listens; fails when the address is taken.
     *
     * @param bodies reads what is sent to us
     * @param intake takes it
     * @param clockMs the gateway's
     */
    public static CompletionStage<Listening> start(
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
        HttpServer server = new HttpServer(system, settings.senders(), pages, ingest);
        Connections connections = new Connections(settings.maxConnections());
        return Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .withSettings(akka(system, settings))
                .bindFlow(connections.flow(server::answer, server::answerCrowded))
                .thenApply(binding -> new Listening(server, binding));
    }

    private static ServerSettings akka(ActorSystem<?> system, HttpSettings settings) {
        ServerSettings akka = ServerSettings.create(Adapter.toClassic(system));
        scala.concurrent.duration.Duration longest = scala.concurrent.duration.Duration.fromNanos(
                settings.ingest().longestAnswer().toNanos());
        return akka.withMaxConnections(settings.maxConnections() + Connections.RESERVED)
                .withTimeouts(akka.getTimeouts().withRequestTimeout(longest));
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request) {
        String path = request.getUri().path();
        if (IngestHandler.isFor(path)) {
            return ingest.answer(request).thenApply(HttpServer::response);
        }
        request.discardEntityBytes(materializer);
        if (!request.method().equals(HttpMethods.GET)) {
            return CompletableFuture.completedFuture(response(Reply.onlyFor("GET, HEAD")));
        }
        if (Pages.isProbe(path)) {
            return probe(path);
        }
        if (path.equals(Pages.DEAD_LETTERS)) {
            return CompletableFuture.completedFuture(deadLetters(request));
        }
        return page(path, () -> pages.get(path), blocking);
    }

    /** On one of the connections that are kept free for probes. */
    private CompletionStage<HttpResponse> answerCrowded(HttpRequest request) {
        String path = request.getUri().path();
        boolean probe = Pages.isProbe(path) && request.method().equals(HttpMethods.GET);
        request.discardEntityBytes(materializer);
        return probe
                ? probe(path)
                : CompletableFuture.completedFuture(
                        response(Reply.error(503, "too many connections (http.max-connections)")));
    }

    /** Whether we live does not depend on the disk; whether we are ready does, and waits for it on a thread of its own. */
    private CompletionStage<HttpResponse> probe(String path) {
        return page(path, () -> pages.get(path), path.equals(Pages.LIVE) ? Runnable::run : probing);
    }

    private static CompletionStage<HttpResponse> page(String path, Supplier<Reply> page, Executor where) {
        return CompletableFuture.supplyAsync(page, where)
                .exceptionally(failure -> {
                    log.error("{} failed", path, failure);
                    return Reply.broken();
                })
                .thenApply(HttpServer::response);
    }

    private HttpResponse deadLetters(HttpRequest request) {
        if (!senders.admit(
                request.getHeader("Authorization").map(header -> header.value()).orElse(""))) {
            return response(Reply.unauthorized());
        }
        Optional<DeadLetters.Query> query = DeadLetters.Query.of(
                request.getUri().query().get("limit"), request.getUri().query().get("before"));
        if (query.isEmpty()) {
            return response(Reply.error(
                    400, "expected: limit 1 to " + DeadLetters.MOST + ", before a number that a page gave"));
        }
        Source<ByteString, ?> pieces = Source.fromIterator(
                        () -> new DeadLetters(query.get(), pages.store()::deadLetters))
                .map(ByteString::fromString)
                .withAttributes(ActorAttributes.dispatcher(
                        ActorAttributes.IODispatcher().dispatcher()));
        return HttpResponse.create().withEntity(HttpEntities.createChunked(ContentTypes.APPLICATION_JSON, pieces));
    }

    private static HttpResponse response(Reply reply) {
        HttpResponse response = HttpResponse.create()
                .withStatus(reply.status())
                .withEntity(contentType(reply), reply.body().getBytes(UTF_8));
        return switch (reply.status()) {
            case 401 -> response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
            case 405 -> response.addHeader(RawHeader.create("Allow", reply.allow()));
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
