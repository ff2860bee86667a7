package io.tidegate.processor.ops;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.spark.client.internal.GatewayClient;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.util.ThreadUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the gateway every two seconds where everything stands: is it there, and how much is waiting. */
public final class GatewayMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayMonitor.class);
    private static final int EVERY_SECONDS = 2;

    private final GatewayClient client;
    private final String address;
    private final String group;
    private final ScheduledExecutorService thread = ThreadUtils.newDaemonSingleThreadScheduledExecutor("gateway-watch");
    private volatile Optional<OffsetsResponse> newest = Optional.empty();
    private boolean warned;

    private GatewayMonitor(String address, String group) {
        this.address = address;
        this.group = group;
        client = GatewayClient.of(address);
    }

    /** Begins to ask. */
    public static GatewayMonitor start(String address, String group) {
        GatewayMonitor monitor = new GatewayMonitor(address, group);
        var unused = monitor.thread.scheduleWithFixedDelay(monitor::ask, 0, EVERY_SECONDS, TimeUnit.SECONDS);
        return monitor;
    }

    private synchronized void ask() {
        try {
            newest = Optional.of(offsets());
            notifyAll();
            warned = false;
        } catch (StatusRuntimeException e) {
            newest = Optional.empty();
            if (!warned) {
                LOG.warn("no answer from gateway {}, trying on: {}", address, e.getStatus());
                warned = true;
            }
        } catch (RuntimeException e) {
            LOG.warn("asking gateway {} failed", address, e);
        }
    }

    /** A group that is new to the gateway exists after the first batch only. */
    private OffsetsResponse offsets() {
        try {
            return client.offsets(group);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return client.offsets("");
            }
            throw e;
        }
    }

    /** Waits for the first answer, however long that takes. */
    public synchronized OffsetsResponse answer() throws InterruptedException {
        while (newest.isEmpty()) {
            wait();
        }
        return newest.get();
    }

    /** Whether the gateway has answered lately. */
    boolean connected() {
        return newest.isPresent();
    }

    String address() {
        return address;
    }

    /** Events in the log that no receiver of the group has; unknown (NaN) while the gateway is away. */
    double backlog() {
        return newest.map(offsets -> (double) offsets.getKeyGroupsList().stream()
                        .mapToLong(GatewayMonitor::waiting)
                        .sum())
                .orElse(Double.NaN);
    }

    private static long waiting(KeyGroupOffsets offsets) {
        return Math.max(0, offsets.getEnd() - Math.max(offsets.getDelivered(), offsets.getCommitted()));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
