package io.tidegate.gateway.ops;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.ActorAttributes;
import akka.stream.Materializer;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tidegate.gateway.http.BearerTokens;
import io.tidegate.gateway.http.Reply;
import io.tidegate.gateway.log.LogStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET} of the gateway's pages. Probes are answered on threads of their own, so also when every thread that
 * waits for the disk is taken. Thread-safe.
 */
public final class Pages implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Pages.class);

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String LIVE = "/livez";
    private static final String READY = "/readyz";
    private static final String DEAD_LETTERS = "/deadletters";

    private final BearerTokens readers;
    private final Supplier<Readiness> readiness;
    private final PrometheusMeterRegistry metrics;
    private final LogStore store;
    private final Supplier<Map<String, Object>> info;
    private final Materializer materializer;
    private final Executor blocking;
    private final ExecutorService probing =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("http-readyz", true));

    /**
     * The pages.
     *
     * @param readers who may read dead letters
     * @param info what {@code /info} shows, asked for each time: names to texts and numbers
     */
    public Pages(
            ActorSystem<?> system,
            BearerTokens readers,
            Supplier<Readiness> readiness,
            PrometheusMeterRegistry metrics,
            LogStore store,
            Supplier<Map<String, Object>> info) {
        this.readers = readers;
        this.readiness = readiness;
        this.metrics = metrics;
        this.store = store;
        this.info = info;
        this.materializer = Materializer.createMaterializer(system);
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    /** Answers a request for any page. */
    public CompletionStage<HttpResponse> answer(HttpRequest request) {
        String path = request.getUri().path();
        request.discardEntityBytes(materializer);
        if (!request.method().equals(HttpMethods.GET)) {
            return now(Reply.onlyFor("GET, HEAD").response());
        }
        return switch (path) {
            case LIVE, READY -> probe(path);
            case DEAD_LETTERS -> now(deadLetters(request));
            default -> page(path, () -> get(path), blocking);
        };
    }

    /** Answers a request that came when there were too many connections: only probes get what they ask for. */
    public CompletionStage<HttpResponse> answerCrowded(HttpRequest request) {
        String path = request.getUri().path();
        boolean probe =
                (path.equals(LIVE) || path.equals(READY)) && request.method().equals(HttpMethods.GET);
        request.discardEntityBytes(materializer);
        return probe
                ? probe(path)
                : now(Reply.error(503, "too many connections (http.max-connections)")
                        .response());
    }

    /** Whether we live does not depend on the disk; whether we are ready does, and waits for it on a thread of its own. */
    private CompletionStage<HttpResponse> probe(String path) {
        return path.equals(LIVE)
                ? page(path, () -> Reply.json(200, Map.of("status", "live")), Runnable::run)
                : page(path, () -> readiness.get().reply(), probing);
    }

    /** Reads the disk. */
    private Reply get(String path) {
        return switch (path) {
            case "/metrics" -> new Reply(200, METRICS_TYPE, metrics.scrape());
            case "/info" -> Reply.json(200, info.get());
            case "/ledger" -> Reply.json(200, Ledger.of(store));
            default -> Reply.error(404, "no such page; there are /livez /readyz /metrics /info /ledger /deadletters");
        };
    }

    private static CompletionStage<HttpResponse> page(String path, Supplier<Reply> page, Executor where) {
        return CompletableFuture.supplyAsync(page, where)
                .exceptionally(failure -> {
                    log.error("{} failed", path, failure);
                    return Reply.broken();
                })
                .thenApply(Reply::response);
    }

    private static CompletionStage<HttpResponse> now(HttpResponse response) {
        return CompletableFuture.completedFuture(response);
    }

    private HttpResponse deadLetters(HttpRequest request) {
        if (!readers.admit(
                request.getHeader("Authorization").map(HttpHeader::value).orElse(""))) {
            return Reply.unauthorized().response();
        }
        Optional<DeadLetterListing.Query> query = DeadLetterListing.Query.of(
                request.getUri().query().get("limit"), request.getUri().query().get("before"));
        if (query.isEmpty()) {
            return Reply.error(
                            400,
                            "expected: limit 1 to " + DeadLetterListing.MOST + ", before a number that a page gave")
                    .response();
        }
        Source<ByteString, ?> pieces = Source.fromIterator(() -> new DeadLetterListing(query.get(), store::deadLetters))
                .map(ByteString::fromString)
                .withAttributes(ActorAttributes.dispatcher(
                        ActorAttributes.IODispatcher().dispatcher()));
        return HttpResponse.create().withEntity(HttpEntities.createChunked(ContentTypes.APPLICATION_JSON, pieces));
    }

    /** Ends the thread of the probes. */
    @Override
    public void close() {
        probing.shutdown();
    }
}
