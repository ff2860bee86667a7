package io.tidegate.gateway.ingest;

import akka.Done;
import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.BoundedSourceQueue;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.tidegate.gateway.admission.DurableFlow;
import io.tidegate.gateway.admission.Envelope;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The stream of a source that is pushed to: what is offered is decoded, batched while the log is busy, admitted, and confirmed
 * in its order when it is on disk, never before. Its buffer is a queue of a fixed capacity; an offer never waits. Thread-safe.
 */
public final class IngestStream<T> {

    private final BoundedSourceQueue<T> queue;
    private final CompletionStage<Done> done;
    private boolean completed;

    private IngestStream(BoundedSourceQueue<T> queue, CompletionStage<Done> done) {
        this.queue = queue;
        this.done = done;
    }

    /**
     * Starts it.
     *
     * @param capacity how many items the queue holds
     * @param confirm told what is on disk, in the order of the offers
     */
    public static <T, H> IngestStream<T> start(
            Materializer materializer,
            int capacity,
            Flow<T, Envelope<H>, NotUsed> decode,
            DurableFlow durably,
            Consumer<List<H>> confirm) {
        Pair<BoundedSourceQueue<T>, CompletionStage<Done>> running = Source.<T>queue(capacity)
                .via(decode)
                .via(durably.<H>flow())
                .toMat(Sink.foreach(confirm::accept), Keep.both())
                .run(materializer);
        return new IngestStream<>(running.first(), running.second());
    }

    /** Takes an item; false: there is no room, it has been completed, or the stream broke. */
    public boolean offer(T item) {
        return queue.offer(item).isEnqueued();
    }

    /** No more is taken; what was taken goes on to the log. Idempotent. */
    public synchronized void complete() {
        if (!completed) {
            completed = true;
            try {
                queue.complete();
            } catch (IllegalStateException e) {
                // A stream that broke or was aborted has completed its queue itself; there is no way to ask.
            }
        }
    }

    /** Whether {@link #complete} was called. */
    public synchronized boolean isCompleted() {
        return completed;
    }

    /** Done when everything that was taken is durable and confirmed; fails when the stream broke. */
    public CompletionStage<Done> done() {
        return done;
    }
}
