package io.tidegate.gateway.ingest.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.http.Reply;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.gateway.ingest.PushIngest;
import io.tidegate.gateway.ingest.PushRequest;
import io.tidegate.gateway.ingest.http.IdempotencyCache.Entry;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.StateUpdate;
import io.tidegate.mqtt.Failures;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/**
 * Takes bodies in: events and dead letters are on disk before a request is answered. What can't be taken now is refused at
 * once with 429: never wait for a log that holds back. Thread-safe.
 *
 * @param seen the gateway's clock, ms
 */
record HttpIngest(
        HttpIngestSettings settings,
        BodyDecoder bodies,
        PushIngest ingest,
        IdempotencyCache answers,
        LogStore store,
        LongSupplier seen) {

    static final String LOGS = "/ingest/logs";
    static final String READINGS = "/ingest/readings";

    private static final int MOST_ERRORS = 50;

    /**
     * A body, unpacked.
     *
     * @param path {@link #LOGS} or {@link #READINGS}
     * @param host what lines without a virtual host get
     * @param strip what stands in front of each line
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Body(String path, byte[] bytes, Optional<String> host, LinePrefix strip, Optional<String> idempotencyKey) {}

    /**
     * What became of a body.
     *
     * @param received lines or readings: {@code accepted + rejected}
     * @param accepted are in the log, or were there before
     * @param rejected are dead letters
     * @param errors the first of the rejected
     */
    record Counts(long received, long accepted, long rejected, List<Unread> errors) {

        static Counts of(Decoded.Events events) {
            List<Unread> errors = events.damaged().stream()
                    .limit(MOST_ERRORS)
                    .map(damaged -> new Unread(
                            damaged.number(),
                            damaged.why().reason().label(),
                            damaged.why().detail()))
                    .toList();
            return new Counts(events.size(), events.events().size(), events.rejected(), errors);
        }

        Reply reply() {
            return Reply.json(accepted > 0 ? 202 : 400, this);
        }
    }

    /** A line or item that could not be read. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Unread(long number, String reason, String detail) {}

    /**
     * Takes a body.
     *
     * @return the answer, within {@code max-wait}
     */
    CompletableFuture<Reply> take(Body body, Runnable outOfHands) {
        if (body.idempotencyKey().isEmpty()) {
            return within(push(body, Optional.empty(), outOfHands));
        }
        Entry own = new Entry(body.path() + " " + body.idempotencyKey().get(), content(body.bytes()));
        Optional<Entry> earlier = answers.claim(own);
        if (earlier.isEmpty()) {
            return within(push(body, Optional.of(own), outOfHands));
        }
        outOfHands.run();
        return earlier.get().content() == own.content()
                ? within(earlier.get().answer())
                : done(Reply.error(422, "this Idempotency-Key came with another body (expected: a key for each body)"));
    }

    private CompletableFuture<Reply> push(Body body, Optional<Entry> entry, Runnable outOfHands) {
        Optional<String> full = store.full();
        Optional<CompletableFuture<Decoded.Events>> durable =
                full.isPresent() ? Optional.empty() : ingest.push(pushed(body, entry));
        if (durable.isEmpty()) {
            outOfHands.run();
            Reply refused = refused(full);
            entry.ifPresent(own -> {
                answers.release(own);
                own.answer().complete(refused);
            });
            return done(refused);
        }
        CompletableFuture<Reply> answer =
                durable.get().thenApply(events -> Counts.of(events).reply());
        return answer.whenComplete((reply, failure) -> {
            outOfHands.run();
            entry.ifPresent(own -> {
                if (reply == null) {
                    answers.release(own);
                }
                own.answer().complete(reply == null ? Reply.broken() : reply);
            });
        });
    }

    private PushRequest pushed(Body body, Optional<Entry> entry) {
        LongFunction<Decoded.Events> decode = receivedMs -> body.path().equals(LOGS)
                ? bodies.logs(body.bytes(), body.host(), body.strip(), receivedMs)
                : bodies.readings(body.bytes(), receivedMs);
        return new PushRequest(
                body.path(),
                decode,
                events -> entry.map(own -> state(own, events)).orElse(List.of()));
    }

    private List<StateUpdate> state(Entry own, Decoded.Events events) {
        return answers.remember(own, Counts.of(events).reply(), seen.getAsLong());
    }

    private CompletableFuture<Reply> within(CompletableFuture<Reply> answer) {
        // A copy, so that giving up waiting is not the end of what is waited for.
        return answer.copy()
                .orTimeout(settings.maxWait().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(HttpIngest::late);
    }

    private static Reply late(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof TimeoutException
                ? Reply.error(429, "not on disk yet, it may be later: send it again with the same Idempotency-Key")
                : Reply.broken();
    }

    private static Reply refused(Optional<String> full) {
        return Reply.error(429, full.map(why -> "nothing is taken: " + why).orElse("too much is under way to the log"));
    }

    private static CompletableFuture<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    private static long content(byte[] body) {
        CRC32C checksum = new CRC32C();
        checksum.update(body);
        return checksum.getValue() << 32 | body.length;
    }
}
