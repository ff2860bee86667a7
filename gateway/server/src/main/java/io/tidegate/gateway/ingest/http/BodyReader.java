package io.tidegate.gateway.ingest.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.scaladsl.model.EntityStreamException;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.stream.Materializer;
import akka.util.ByteString;
import io.tidegate.gateway.http.Reply;
import io.tidegate.gateway.ingest.MemoryReservation;
import io.tidegate.mqtt.Failures;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/**
 * Reads and unpacks the bodies of requests. Every byte is reserved before it is kept, as it comes: a body without a length
 * and one that is packed hold no more memory than they need. Thread-safe.
 *
 * @param blocking unpacks
 */
record BodyReader(HttpIngestSettings settings, Materializer materializer, Executor blocking) {

    private static final int BLOCK = 64 << 10;

    /**
     * The body, unpacked.
     *
     * @param reservation grows by what is kept
     * @return fails with {@link RequestRefused} when the body is refused
     */
    CompletionStage<byte[]> read(HttpRequest request, MemoryReservation reservation, boolean gzip) {
        OptionalLong length = request.entity().getContentLengthOption();
        if (length.isPresent() && !reservation.grow(length.getAsLong())) {
            // Read to its end: a connection that is cut under the sender would take the answer with it.
            request.entity().withoutSizeLimit().discardBytes(materializer);
            return CompletableFuture.failedFuture(new RequestRefused(noRoom()));
        }
        Gathering gathering = new Gathering(reservation, length);
        return request.entity()
                .withSizeLimit(settings.maxBodyBytes())
                .getDataBytes()
                .completionTimeout(settings.bodyTimeout())
                .runFold(gathering, Gathering::with, materializer)
                .exceptionally(failure -> {
                    throw broken(failure);
                })
                .thenApplyAsync(
                        gathered -> gzip ? unpacked(gathered.bytes(), reservation) : gathered.bytes(), blocking);
    }

    private RequestRefused broken(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof EntityStreamSizeException) {
            return new RequestRefused(tooLarge());
        }
        if (cause instanceof TimeoutException) {
            return new RequestRefused(Reply.error(
                    408,
                    "the body did not come within " + settings.bodyTimeout().toSeconds() + " s"));
        }
        if (cause instanceof EntityStreamException) {
            return new RequestRefused(Reply.error(400, "the body did not come whole: " + cause.getMessage()));
        }
        throw new CompletionException(cause);
    }

    private byte[] unpacked(byte[] sent, MemoryReservation reservation) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(Math.max(32, sent.length));
        byte[] block = new byte[BLOCK];
        try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(sent))) {
            for (int length = gzip.read(block); length >= 0; length = gzip.read(block)) {
                if (plain.size() + length > settings.maxBodyBytes()) {
                    throw new RequestRefused(tooLarge());
                }
                if (!reservation.grow(length)) {
                    throw new RequestRefused(noRoom());
                }
                plain.write(block, 0, length);
            }
        } catch (IOException e) {
            String why = e.getMessage() == null ? "it ends too early" : e.getMessage();
            throw new RequestRefused(Reply.error(400, "the body is no gzip: " + why));
        }
        reservation.shrink(sent.length);
        return plain.toByteArray();
    }

    Reply tooLarge() {
        return Reply.error(
                413,
                "the body is too large (expected: at most " + settings.maxBodyBytes()
                        + " bytes, unpacked; http.ingest.max-body)");
    }

    static Reply noRoom() {
        return Reply.error(429, "too much is under way to the log");
    }

    /** The bytes that have come. What finds no room is read and dropped, so that the sender gets to its answer. */
    private static final class Gathering {
        private final MemoryReservation reservation;
        private final boolean reserved;
        private final ByteArrayOutputStream bytes;
        private boolean refused;

        Gathering(MemoryReservation reservation, OptionalLong length) {
            this.reservation = reservation;
            this.reserved = length.isPresent();
            this.bytes = new ByteArrayOutputStream((int) Math.min(BLOCK, length.orElse(BLOCK)));
        }

        Gathering with(ByteString more) {
            refused |= !reserved && !reservation.grow(more.size());
            if (!refused) {
                bytes.writeBytes(more.toArray());
            }
            return this;
        }

        byte[] bytes() {
            if (refused) {
                throw new RequestRefused(noRoom());
            }
            return bytes.toByteArray();
        }
    }
}
