package io.tidegate.gateway.ingest;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import io.tidegate.gateway.admission.Admission;
import io.tidegate.gateway.admission.DurableFlow;
import io.tidegate.gateway.admission.Envelope;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.admission.SeenThrough.Receipts;
import io.tidegate.gateway.decode.Decoded;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The stream of a source to which others push: pieces are stamped in the order in which they come, decoded side by side,
 * batched while the log is busy, admitted, and confirmed in their order when they are on disk. At least once: who pushes
 * again what was not confirmed may bring it twice, unless it marks its pieces.
 *
 * <p>The boundary is {@link #push}: it holds so many pieces and takes no more; it never waits. Thread-safe.
 */
public final class PushIngest {

    private final Receipts receipts;
    private final Executor decoding;
    private final int most;
    private final IngestStream<Taken> stream;

    /**
     * Starts it.
     *
     * @param name the source's, in ledger, metrics and dead letters
     * @param most how many pieces may be in our hands
     * @param maxBatch about so many events travel to the log together at most
     */
    public PushIngest(
            ActorSystem<?> system, String name, Admission admission, SeenThrough seen, int most, int maxBatch) {
        this.most = most;
        this.receipts = seen.register(name);
        this.decoding = system.executionContext();
        this.stream = IngestStream.start(
                Materializer.createMaterializer(system),
                most,
                decode(Runtime.getRuntime().availableProcessors()),
                new DurableFlow(name, admission, maxBatch, new LongAdder()),
                this::confirm);
        receipts.connected();
    }

    /**
     * Takes a piece.
     *
     * @return what was read of it, once that is on disk; nothing: there is no room now, or no more is taken
     */
    public synchronized Optional<CompletableFuture<Decoded.Events>> push(PushRequest piece) {
        if (stream.isCompleted() || receipts.inFlight() >= most) {
            return Optional.empty();
        }
        Taken taken = new Taken(piece, receipts.stamp(), new CompletableFuture<>());
        // As many as this holds fit into the queue: only a stream that broke refuses, and then the process ends.
        return stream.offer(taken) ? Optional.of(taken.durable) : Optional.empty();
    }

    /** No more is taken; what is in our hands goes on to the log. Idempotent. */
    public synchronized void complete() {
        receipts.disconnected();
        stream.complete();
    }

    /** Takes no more. @return done when {@link #done} is; fails as well when that is not within the patience */
    public CompletionStage<Void> drain(Duration patience) {
        complete();
        return CompletableFuture.allOf(done().toCompletableFuture())
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Done when everything that was taken is durable and confirmed; fails when the stream broke. */
    public CompletionStage<Done> done() {
        return stream.done();
    }

    /** How many pieces are in our hands. */
    public long inFlight() {
        return receipts.inFlight();
    }

    private Flow<Taken, Envelope<Confirmable>, NotUsed> decode(int parallelism) {
        return Flow.of(Taken.class)
                .mapAsync(
                        parallelism,
                        taken -> CompletableFuture.supplyAsync(
                                () -> new Confirmable(
                                        taken, taken.piece.decode().apply(taken.stampMs)),
                                decoding))
                .map(read -> new Envelope<>(
                        read,
                        read.taken.piece.origin(),
                        read.taken.stampMs,
                        new byte[0],
                        read.events,
                        read.taken.piece.state().apply(read.events)));
    }

    private void confirm(List<Confirmable> batch) {
        receipts.done(batch.size());
        batch.forEach(read -> read.taken.durable.complete(read.events));
    }

    private record Taken(PushRequest piece, long stampMs, CompletableFuture<Decoded.Events> durable) {}

    private record Confirmable(Taken taken, Decoded.Events events) {}
}
