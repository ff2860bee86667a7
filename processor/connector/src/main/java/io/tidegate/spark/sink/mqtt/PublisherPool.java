package io.tidegate.spark.sink.mqtt;

import io.tidegate.mqtt.ReconnectingPublisher;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connections of this JVM, one for each target, shared by the tasks that publish to it. One that nobody has used for
 * a minute ends when another is asked for or given back, so targets that come and go leave nothing behind. Thread-safe.
 */
final class PublisherPool {

    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Function<MqttTarget, ReconnectingPublisher> start;
    private final Map<MqttTarget, Shared> shared = new HashMap<>();

    /** @param start opens a connection to a target */
    PublisherPool(Function<MqttTarget, ReconnectingPublisher> start) {
        this.start = start;
    }

    /** A connection and who uses it. */
    private static final class Shared {
        private final ReconnectingPublisher publisher;
        private int users;
        private long idleSinceNanos;

        Shared(ReconnectingPublisher publisher) {
            this.publisher = publisher;
        }
    }

    /** The connection to a target, until it is {@linkplain #giveBack given back}. */
    synchronized ReconnectingPublisher use(MqttTarget target) {
        endIdle(System.nanoTime());
        Shared one = shared.computeIfAbsent(target, t -> new Shared(start.apply(t)));
        one.users++;
        return one.publisher;
    }

    /** Ends a use of a connection. */
    synchronized void giveBack(MqttTarget target, ReconnectingPublisher publisher) {
        long now = System.nanoTime();
        Shared one = shared.get(target);
        if (one != null && one.publisher == publisher) {
            one.users--;
            one.idleSinceNanos = now;
        }
        endIdle(now);
    }

    /** Ends a connection though tasks use it: what has not been acknowledged fails. The next use opens a new one. */
    synchronized void end(MqttTarget target, ReconnectingPublisher publisher) {
        Shared one = shared.get(target);
        if (one != null && one.publisher == publisher) {
            shared.remove(target);
            closeLater(publisher);
        }
    }

    /** The connection to a target, if there is one. */
    synchronized @Nullable ReconnectingPublisher peek(MqttTarget target) {
        Shared one = shared.get(target);
        return one == null ? null : one.publisher;
    }

    /** Ends connections that nobody has used for a minute. */
    synchronized void endIdle(long nowNanos) {
        shared.values().removeIf(one -> {
            boolean idle = one.users == 0 && nowNanos - one.idleSinceNanos > IDLE_NANOS;
            if (idle) {
                closeLater(one.publisher);
            }
            return idle;
        });
    }

    /** Ends all, and waits for what is under way for as long as a connection does. */
    void endAll() {
        List<ReconnectingPublisher> all;
        synchronized (this) {
            all = shared.values().stream().map(one -> one.publisher).toList();
            shared.clear();
        }
        all.forEach(ReconnectingPublisher::close);
    }

    /** Closing waits for acknowledgements that may not come. */
    private static void closeLater(ReconnectingPublisher publisher) {
        Thread thread = new Thread(publisher::close, "tidegate-mqtt-close");
        thread.setDaemon(true);
        thread.start();
    }
}
