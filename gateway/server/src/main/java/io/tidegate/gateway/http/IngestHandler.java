package io.tidegate.gateway.http;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.stream.Materializer;
import io.tidegate.gateway.weblog.Strip;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;

/**
 * {@code POST /ingest/logs} and {@code POST /ingest/readings}: checks a request, reads and unpacks its body within the limits,
 * and hands it to {@link Ingest}. A body's bytes are reserved before it is read, so memory is bounded however many come.
 * Thread-safe.
 */
final class IngestHandler {

    private static final Set<String> MEDIA_TYPES = Set.of(
            "text/plain",
            "application/json",
            "application/x-ndjson",
            "application/ndjson",
            "application/jsonlines",
            "application/x-jsonlines",
            "application/octet-stream");
    private static final int LONGEST_KEY = 255;
    private static final long BODY_TIMEOUT_MS = 15_000;

    private final BearerTokens senders;
    private final Ingest ingest;
    private final Semaphore room;
    private final Materializer materializer;
    private final Executor blocking;
    private volatile boolean stopping;

    IngestHandler(ActorSystem<?> system, BearerTokens senders, Ingest ingest) {
        this.senders = senders;
        this.ingest = ingest;
        this.room = new Semaphore(ingest.settings().maxInFlightBytes());
        this.materializer = Materializer.createMaterializer(system);
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    static boolean isFor(String path) {
        return path.equals(Ingest.LOGS) || path.equals(Ingest.READINGS);
    }

    /** From now on everything is answered 503. */
    void stop() {
        stopping = true;
    }

    CompletionStage<Reply> answer(HttpRequest request) {
        Optional<Reply> refusal = refusal(request);
        if (refusal.isPresent()) {
            return refuse(request, refusal.get());
        }
        int reserved = reserved(request);
        if (!room.tryAcquire(reserved)) {
            return refuse(request, Reply.error(429, "too much is under way to the log"));
        }
        Runnable release = once(() -> room.release(reserved));
        boolean gzip = encoding(request).equals("gzip");
        return request.entity()
                .withSizeLimit(maxBody())
                .toStrict(BODY_TIMEOUT_MS, materializer)
                .thenApplyAsync(strict -> body(request, strict, gzip), blocking)
                .thenCompose(body -> ingest.take(body, release))
                .exceptionally(failure -> {
                    release.run();
                    return failed(failure);
                });
    }

    private CompletionStage<Reply> refuse(HttpRequest request, Reply reply) {
        // Read to its end: a connection that is cut under the sender would take the answer with it.
        request.entity().withoutSizeLimit().discardBytes(materializer);
        return CompletableFuture.completedFuture(reply);
    }

    private Optional<Reply> refusal(HttpRequest request) {
        if (!request.method().equals(HttpMethods.POST)) {
            return Optional.of(Reply.error(405, "expected: POST"));
        }
        if (stopping) {
            return Optional.of(Reply.error(503, "stopping"));
        }
        if (!senders.admit(header(request, "Authorization").orElse(""))) {
            return Optional.of(Reply.error(401, "Authorization (expected: Bearer and one of http.ingest.tokens)"));
        }
        String type = request.entity().getContentType().mediaType().toString().toLowerCase(Locale.ROOT);
        boolean none = type.equals("none/none");
        if (!none && !MEDIA_TYPES.contains(type)) {
            return Optional.of(Reply.error(
                    415,
                    "Content-Type: " + type + " (expected: text/plain, application/json or application/x-ndjson)"));
        }
        String encoding = encoding(request);
        if (!encoding.equals("gzip") && !encoding.equals("identity")) {
            return Optional.of(Reply.error(415, "Content-Encoding: " + encoding + " (expected: gzip, or none)"));
        }
        OptionalLong length = request.entity().getContentLengthOption();
        if (length.isPresent() && length.getAsLong() > maxBody()) {
            return Optional.of(tooLarge());
        }
        if (strip(request).isEmpty()) {
            return Optional.of(Reply.error(400, "strip (expected: cri, docker, syslog, timestamp or none)"));
        }
        boolean fitting =
                header(request, "Idempotency-Key").map(IngestHandler::isKey).orElse(true);
        return fitting
                ? Optional.empty()
                : Optional.of(
                        Reply.error(400, "Idempotency-Key (expected: 1 to " + LONGEST_KEY + " visible characters)"));
    }

    private int reserved(HttpRequest request) {
        OptionalLong length = request.entity().getContentLengthOption();
        boolean plain = length.isPresent() && encoding(request).equals("identity");
        return plain ? (int) length.getAsLong() : maxBody();
    }

    private int maxBody() {
        return ingest.settings().maxBodyBytes();
    }

    private static String encoding(HttpRequest request) {
        return header(request, "Content-Encoding").orElse("identity").toLowerCase(Locale.ROOT);
    }

    private static Optional<String> header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value);
    }

    private static boolean isKey(String key) {
        return !key.isEmpty() && key.length() <= LONGEST_KEY && key.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private Ingest.Body body(HttpRequest request, HttpEntity.Strict strict, boolean gzip) {
        byte[] sent = strict.getData().toArray();
        Optional<String> host = request.getUri().query().get("host").or(() -> header(request, "X-Tidegate-Host"));
        return new Ingest.Body(
                request.getUri().path(),
                gzip ? unpacked(sent) : sent,
                host.filter(name -> !name.isEmpty()),
                strip(request).orElse(Strip.NONE),
                header(request, "Idempotency-Key"));
    }

    /** What {@code ?strip=} names; empty: it is none of those. */
    private static Optional<Strip> strip(HttpRequest request) {
        String name = request.getUri().query().get("strip").orElse(Strip.NONE.label());
        return Arrays.stream(Strip.values())
                .filter(strip -> strip.label().equals(name))
                .findFirst();
    }

    private byte[] unpacked(byte[] sent) {
        try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(sent))) {
            byte[] plain = gzip.readNBytes(maxBody());
            if (gzip.read() >= 0) {
                throw new Refused(tooLarge());
            }
            return plain;
        } catch (IOException e) {
            throw new Refused(Reply.error(400, "the body is no gzip: " + e.getMessage()));
        }
    }

    private Reply tooLarge() {
        return Reply.error(413, "the body is too large (expected: at most " + maxBody() + " bytes, unpacked)");
    }

    private Reply failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Refused refused) {
            return refused.reply;
        }
        if (cause instanceof EntityStreamSizeException) {
            return tooLarge();
        }
        return cause instanceof TimeoutException
                ? Reply.error(408, "the body did not come within " + BODY_TIMEOUT_MS / 1000 + " s")
                : Reply.error(400, "the body could not be read: " + cause.getMessage());
    }

    private static Runnable once(Runnable run) {
        AtomicBoolean done = new AtomicBoolean();
        return () -> {
            if (done.compareAndSet(false, true)) {
                run.run();
            }
        };
    }

    /** How a body is refused from inside a stage. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Reply reply;

        Refused(Reply reply) {
            super("refused", null, false, false);
            this.reply = reply;
        }
    }
}
