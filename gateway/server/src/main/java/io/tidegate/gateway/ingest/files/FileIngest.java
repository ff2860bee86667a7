package io.tidegate.gateway.ingest.files;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.japi.Pair;
import akka.stream.KillSwitches;
import akka.stream.Materializer;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.tidegate.gateway.admission.DurableFlow;
import io.tidegate.gateway.admission.Envelope;
import io.tidegate.gateway.admission.SeenThrough.Receipts;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The stream that brings what a look has found to disk: read and decoded, on a thread for waiting, as the log has room;
 * batched; admitted; confirmed in order. Exactly once, since each piece brings its position with it. It belongs to the
 * actor system and not to the actor, so that an actor that fails leaves no commit behind it that nobody waits for.
 *
 * <p>Reads ahead of the log by three batches and sixteen pieces, then waits. Completes when everything is confirmed; fails
 * when the log is gone.
 */
final class FileIngest {

    private final UniqueKillSwitch stop;
    private final CompletableFuture<Boolean> done;

    private FileIngest(UniqueKillSwitch stop, CompletionStage<Boolean> done) {
        this.stop = stop;
        this.done = done.toCompletableFuture();
    }

    static FileIngest start(
            ActorSystem<?> system, Collection<BatchReader> found, Receipts receipts, DurableFlow durableFlow) {
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        Pair<UniqueKillSwitch, CompletionStage<Boolean>> running = pieces(found, receipts)
                .viaMat(KillSwitches.single(), Keep.right())
                .via(durableFlow.<LineBatch>flow())
                .mapAsync(1, pieces -> CompletableFuture.supplyAsync(() -> confirm(pieces, receipts), blocking))
                .toMat(Sink.fold(false, (before, noted) -> before || noted), Keep.both())
                .run(Materializer.matFromSystem(system.classicSystem()));
        return new FileIngest(running.first(), running.second());
    }

    private static Source<Envelope<LineBatch>, NotUsed> pieces(Collection<BatchReader> found, Receipts receipts) {
        return Source.unfoldResource(() -> new Cursor(found, receipts), Cursor::next, Cursor::close)
                .mapMaterializedValue(nothing -> NotUsed.getInstance());
    }

    private static boolean confirm(List<LineBatch> pieces, Receipts receipts) {
        receipts.done(pieces.size());
        pieces.forEach(piece -> piece.durable().run());
        return pieces.stream().anyMatch(piece -> !piece.state().isEmpty());
    }

    /** Reads no further; what has been read goes on to the log. Idempotent. */
    void stop() {
        stop.shutdown();
    }

    /** Done when everything that was read is on disk and confirmed: whether any state was stored. */
    CompletableFuture<Boolean> done() {
        return done;
    }

    /** One reading after the other. */
    private static final class Cursor {

        private final Queue<BatchReader> waiting;
        private final Receipts receipts;
        private @Nullable BatchReader current;

        Cursor(Collection<BatchReader> found, Receipts receipts) {
            this.waiting = new ArrayDeque<>(found);
            this.receipts = receipts;
        }

        Optional<Envelope<LineBatch>> next() {
            while (current == null || !current.more()) {
                close();
                current = waiting.poll();
                if (current == null) {
                    return Optional.empty();
                }
            }
            long stampMs = receipts.stamp();
            LineBatch piece = current.next(stampMs);
            return Optional.of(
                    new Envelope<>(piece, piece.origin(), stampMs, new byte[0], piece.events(), piece.state()));
        }

        void close() {
            if (current != null) {
                current.close();
            }
        }
    }
}
