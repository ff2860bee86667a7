package io.tidegate.mqtt;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a connection alive, and notices when it is not (MQTT 5 section 3.1.2.10). It replaces Paho's own check, which takes
 * a connection for dead when it reads no answer to its ping: here the socket is not read while receive-maximum
 * deliveries are outstanding, for as long as that takes.
 *
 * <ul>
 *   <li>A ping leaves when nothing was written, or nothing read, for half the keep-alive: so the broker hears of us in time,
 *       also while we do not read.
 *   <li>The connection is lost when nothing came for one and a half times the keep-alive although it was read.
 *   <li>It is lost as well when the socket has taken nothing of a write for that long.
 * </ul>
 *
 * <p>Runs on the shared clock, each check on a worker. Thread-safe.
 */
final class KeepAlive {

    /** Checks in each keep-alive. */
    private static final int CHECKS = 4;

    private final InboundStream in;
    private final OutboundStream out;
    private final Consumer<String> lost;
    private final long intervalNanos;
    private long lastPingNanos = System.nanoTime();
    private @Nullable Future<?> checks;

    /** @param lost told once, on a worker, why the connection is lost */
    KeepAlive(InboundStream in, OutboundStream out, Duration interval, Consumer<String> lost) {
        this.in = in;
        this.out = out;
        this.lost = lost;
        this.intervalNanos = interval.toNanos();
    }

    synchronized void start() {
        long pause = intervalNanos / CHECKS;
        checks = Threads.CLOCK.scheduleWithFixedDelay(
                () -> Threads.WORKERS.execute(this::check), pause, pause, TimeUnit.NANOSECONDS);
    }

    synchronized void stop() {
        if (checks != null) {
            checks.cancel(false);
        }
    }

    private void check() {
        String why = whyLost();
        if (why != null) {
            stop();
            lost.accept(why);
        } else if (pingIsDue()) {
            out.ping();
        }
    }

    private @Nullable String whyLost() {
        long patience = intervalNanos + intervalNanos / 2;
        if (out.stuckNanos() >= patience) {
            return "Timed out: the broker has taken nothing for " + seconds(out.stuckNanos()) + " s";
        }
        if (out.isHolding()) {
            return null;
        }
        // Asked for after the hold: one that has just ended counts.
        long held = out.lastHeldNanos();
        long silence = System.nanoTime() - Math.max(in.lastReadNanos() - held, 0) - held;
        if (silence >= patience) {
            return "Timed out: nothing came from the broker for " + seconds(silence) + " s";
        }
        return null;
    }

    private synchronized boolean pingIsDue() {
        long now = System.nanoTime();
        long half = intervalNanos / 2;
        boolean idle = now - out.lastWrittenNanos() >= half || now - in.lastReadNanos() >= half;
        if (!idle || now - lastPingNanos < half) {
            return false;
        }
        lastPingNanos = now;
        return true;
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }
}
