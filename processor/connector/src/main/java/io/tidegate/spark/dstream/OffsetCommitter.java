package io.tidegate.spark.dstream;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tidegate.spark.client.FencedException;
import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.client.internal.Retry;
import io.tidegate.spark.internal.Backoff;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the gateway what may be trimmed, on a thread of its own: only the newest positions count, and they are tried
 * again until they are through. A gateway that is away costs nothing but disk at the gateway.
 */
final class OffsetCommitter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetCommitter.class);

    private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final GatewayClient client;
    private final String group;
    private final long epoch;
    private final ScheduledExecutorService thread;

    private @Nullable List<Long> wanted;
    private long toldNanos;
    private int failures;
    private int refusals;
    private volatile @Nullable RuntimeException refused;

    OffsetCommitter(GatewayClient client, String group, long epoch) {
        this.client = client;
        this.group = group;
        this.epoch = epoch;
        thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread t = new Thread(work, "tidegate-commit");
            t.setDaemon(true);
            return t;
        });
    }

    /**
     * Returns at once. The same positions again are told again from time to time: that keeps the group alive, and is how
     * an idle run learns that it was fenced. Positions must never step back.
     */
    synchronized void commit(List<Long> positions) {
        long now = System.nanoTime();
        boolean news = !positions.equals(wanted) || now - toldNanos >= REPEAT_NANOS;
        if (news && !thread.isShutdown()) {
            wanted = positions;
            toldNanos = now;
            thread.execute(this::attempt);
        }
    }

    /**
     * Whether the run may go on.
     *
     * @throws FencedException when the gateway has said that a newer run took over
     * @throws StatusRuntimeException when it refuses what we commit and goes on refusing: it is not our gateway any more
     */
    void check() {
        RuntimeException seen = refused;
        if (seen != null) {
            throw seen;
        }
    }

    private void attempt() {
        List<Long> positions;
        synchronized (this) {
            positions = wanted;
        }
        if (positions == null || refused != null) {
            return;
        }
        try {
            client.commit(group, epoch, positions);
            failures = 0;
            refusals = 0;
        } catch (FencedException e) {
            refused = e;
        } catch (StatusRuntimeException e) {
            refusals += Retry.isRefusal(e.getStatus().getCode()) ? 1 : 0;
            if (refusals == Retry.REFUSALS) {
                refused = e;
            }
            again(e.getStatus());
        }
    }

    private synchronized void again(Status status) {
        if (failures % 10 == 0) {
            LOG.warn("commit of group {}: {} (it is tried again)", group, status);
        }
        if (!thread.isShutdown()) {
            var unused = thread.schedule(this::attempt, Backoff.pauseMs(failures++), TimeUnit.MILLISECONDS);
        }
    }

    /** Stops trying; idempotent. What was not committed stays at the gateway until the next start commits more. */
    @Override
    public synchronized void close() {
        thread.shutdownNow();
    }
}
