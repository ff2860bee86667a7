package io.tidegate.gateway.ingest.http;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.Materializer;
import io.tidegate.gateway.decode.HostNames;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.http.Reply;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.gateway.ingest.MemoryReservation;
import io.tidegate.gateway.ingest.PushIngest;
import io.tidegate.gateway.ingest.Source;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.mqtt.Failures;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source behind {@code POST /ingest/logs} and {@code POST /ingest/readings}. It checks a request, reads and unpacks its
 * body within the limits, and hands it to {@link HttpIngest}. A body's bytes are reserved before they are kept, so memory is
 * bounded however many requests come. A status of 400 and above but below 500 says that the request will never be accepted
 * as it is, except for 408 and 429; what is wrong on our side is answered 503. Thread-safe.
 */
public final class HttpSource implements Source {

    private static final Logger log = LoggerFactory.getLogger(HttpSource.class);

    private static final Set<String> MEDIA_TYPES = Set.of(
            "text/plain",
            "application/json",
            "application/x-ndjson",
            "application/ndjson",
            "application/jsonlines",
            "application/x-jsonlines",
            "application/octet-stream");
    private static final String HOST_HEADER = "X-Tidegate-Host";
    private static final int LONGEST_KEY = 255;

    /** What the objects made of a line take beside its bytes, roughly. */
    private static final long LINE_BYTES = 256;

    private final HttpIngest ingest;
    private final Semaphore room;
    private final Materializer materializer;
    private final BodyReader bodies;
    private volatile boolean stopping;

    HttpSource(ActorSystem<?> system, HttpIngest ingest) {
        this.ingest = ingest;
        this.room = new Semaphore(ingest.settings().maxInFlightBytes());
        this.materializer = Materializer.createMaterializer(system);
        this.bodies = new BodyReader(
                ingest.settings(), materializer, system.dispatchers().lookup(DispatcherSelector.blocking()));
    }

    /**
     * A source that remembers what an earlier life of the gateway answered.
     *
     * @param ingest the way to the log
     * @param clockMs the gateway's
     */
    public static HttpSource create(
            ActorSystem<?> system,
            HttpIngestSettings settings,
            BodyDecoder bodies,
            PushIngest ingest,
            LogStore store,
            LongSupplier clockMs) {
        IdempotencyCache answers = new IdempotencyCache(settings, store.state(IdempotencyCache.KEY_PREFIX));
        return new HttpSource(system, new HttpIngest(settings, bodies, ingest, answers, store, clockMs));
    }

    /** Whether a request is for this source. */
    public static boolean isFor(HttpRequest request) {
        String path = request.getUri().path();
        return path.equals(HttpIngest.LOGS) || path.equals(HttpIngest.READINGS);
    }

    @Override
    public String name() {
        return HttpIngestSettings.SOURCE;
    }

    /** Nothing is left to do: the guardian's HTTP server brings requests as soon as it listens. */
    @Override
    public void start() {}

    /** From now on everything is answered 503. */
    @Override
    public CompletionStage<Void> drain(Duration patience) {
        stopping = true;
        return ingest.ingest().drain(patience);
    }

    /** Answers a request. */
    public CompletionStage<HttpResponse> answer(HttpRequest request) {
        return reply(request).thenApply(Reply::response);
    }

    CompletionStage<Reply> reply(HttpRequest request) {
        Optional<Reply> refusal = refusal(request);
        if (refusal.isPresent()) {
            if (header(request, "Expect").isEmpty()) {
                // Read to its end: a connection that is cut under the sender would take the answer with it. A sender
                // that waits for our word has not begun to send, and is not asked to.
                request.entity().withoutSizeLimit().discardBytes(materializer);
            }
            return CompletableFuture.completedFuture(refusal.get());
        }
        MemoryReservation reservation =
                new MemoryReservation(room, ingest.settings().maxInFlightBytes());
        boolean gzip = isGzip(encoding(request));
        return bodies.read(request, reservation, gzip)
                .thenCompose(bytes -> take(body(request, bytes), reservation))
                .exceptionally(failure -> {
                    reservation.release();
                    return failed(failure);
                });
    }

    private CompletionStage<Reply> take(HttpIngest.Body body, MemoryReservation reservation) {
        Optional<String> refusal = ingest.bodies().refusal(body.bytes());
        if (refusal.isPresent()) {
            throw new RequestRefused(Reply.error(413, refusal.get()));
        }
        if (!reservation.growUpTo(LINE_BYTES * ingest.bodies().lines(body.bytes()))) {
            throw new RequestRefused(BodyReader.noRoom());
        }
        return ingest.take(body, reservation::release);
    }

    private Optional<Reply> refusal(HttpRequest request) {
        if (!request.method().equals(HttpMethods.POST)) {
            return Optional.of(Reply.onlyFor("POST"));
        }
        if (stopping) {
            return Optional.of(Reply.error(503, "stopping"));
        }
        if (!ingest.settings().senders().admit(header(request, "Authorization").orElse(""))) {
            return Optional.of(Reply.unauthorized());
        }
        return unsupported(request).or(() -> malformed(request));
    }

    private Optional<Reply> unsupported(HttpRequest request) {
        String type = mediaType(request);
        boolean none = type.equals("none/none");
        if (!none && !MEDIA_TYPES.contains(type)) {
            return Optional.of(Reply.error(
                    415,
                    "Content-Type: " + type + " (expected: text/plain, application/json or application/x-ndjson)"));
        }
        String encoding = encoding(request);
        if (!isGzip(encoding) && !encoding.equals("identity")) {
            return Optional.of(Reply.error(415, "Content-Encoding: " + encoding + " (expected: gzip, or none)"));
        }
        OptionalLong length = request.entity().getContentLengthOption();
        return length.isPresent() && length.getAsLong() > ingest.settings().maxBodyBytes()
                ? Optional.of(bodies.tooLarge())
                : Optional.empty();
    }

    /** What Akka can't read as a content type is a header like any other: its parameters do not matter, its type does. */
    private static String mediaType(HttpRequest request) {
        return header(request, "Content-Type")
                .map(sent -> sent.split(";", 2)[0].strip())
                .filter(type -> !type.isEmpty())
                .orElseGet(() -> request.entity().getContentType().mediaType().toString())
                .toLowerCase(Locale.ROOT);
    }

    private static Optional<Reply> malformed(HttpRequest request) {
        if (strip(request).isEmpty()) {
            return Optional.of(Reply.error(400, "strip (expected: cri, docker, syslog, timestamp or none)"));
        }
        boolean fitting =
                header(request, "Idempotency-Key").map(HttpSource::isKey).orElse(true);
        if (!fitting) {
            return Optional.of(
                    Reply.error(400, "Idempotency-Key (expected: 1 to " + LONGEST_KEY + " visible characters)"));
        }
        return host(request).flatMap(HostNames::flaw).map(flaw -> Reply.error(400, flaw));
    }

    private static boolean isGzip(String encoding) {
        return encoding.equals("gzip") || encoding.equals("x-gzip");
    }

    private static String encoding(HttpRequest request) {
        return header(request, "Content-Encoding").orElse("identity").toLowerCase(Locale.ROOT);
    }

    private static Optional<String> header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value);
    }

    private static Optional<String> host(HttpRequest request) {
        return request.getUri()
                .query()
                .get("host")
                .or(() -> header(request, HOST_HEADER))
                .filter(name -> !name.isEmpty());
    }

    private static boolean isKey(String key) {
        return !key.isEmpty() && key.length() <= LONGEST_KEY && key.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static HttpIngest.Body body(HttpRequest request, byte[] bytes) {
        return new HttpIngest.Body(
                request.getUri().path(),
                bytes,
                host(request),
                strip(request).orElse(LinePrefix.NONE),
                header(request, "Idempotency-Key"));
    }

    /** What {@code ?strip=} names; empty: it is none of those. */
    private static Optional<LinePrefix> strip(HttpRequest request) {
        String name = request.getUri().query().get("strip").orElse(LinePrefix.NONE.label());
        return Arrays.stream(LinePrefix.values())
                .filter(strip -> strip.label().equals(name))
                .findFirst();
    }

    private static Reply failed(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof RequestRefused refused) {
            return refused.reply();
        }
        log.error("a request could not be taken", cause);
        return Reply.broken();
    }
}
