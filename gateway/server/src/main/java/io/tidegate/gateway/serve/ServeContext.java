package io.tidegate.gateway.serve;

import akka.actor.typed.ActorRef;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.LogStore;
import java.util.function.LongSupplier;

/**
 * What consumer groups and their sessions work with.
 *
 * @param store cursors and events
 * @param log wakes sessions after a commit
 * @param seen the gateway's time
 * @param settings how they behave
 * @param counters what they count
 * @param nanoTime a monotonic clock for time-outs: {@code System::nanoTime}
 */
public record ServeContext(
        LogStore store,
        ActorRef<EventLog.Command> log,
        SeenThrough seen,
        ConsumerSettings settings,
        ConsumerCounters counters,
        LongSupplier nanoTime) {

    /** What may be told as seen, in ms, together with any durable end that is read after this call. */
    public long seenThrough(int keyGroup) {
        return Math.max(store.receivedAtOpen(keyGroup), seen.now());
    }
}
