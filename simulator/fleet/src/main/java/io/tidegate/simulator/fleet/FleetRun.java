package io.tidegate.simulator.fleet;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a plan at its pace. Devices are spread over the publishers by their index, so that the messages of a device
 * keep their order. Used once, by one thread, which it may keep waiting while too much is in flight.
 *
 * <p>Each device says {@code online} on its status topic before its first reading and {@code offline} at the end, both
 * retained.
 */
public final class FleetRun {
    private static final Logger LOG = LoggerFactory.getLogger(FleetRun.class);

    private final FleetShape shape;
    private final List<Publisher> publishers;
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private long sent;
    private long duplicates;
    private long outOfOrder;

    /** Closes the publishers at the end of the run. */
    public FleetRun(FleetShape shape, List<Publisher> publishers) {
        this.shape = shape;
        this.publishers = List.copyOf(publishers);
    }

    /** Runs until the plan is over or the pace says stop, then waits a bounded time for what is in flight. */
    public FleetSummary publish(Iterator<PlannedMessage> plan, Pace pace) throws InterruptedException {
        Duration took;
        try {
            publishStatus("online");
            long began = System.nanoTime();
            while (plan.hasNext()) {
                PlannedMessage next = plan.next();
                if (!pace.await(next.offsetMs())) {
                    break;
                }
                send(next);
            }
            took = Duration.ofNanos(System.nanoTime() - began);
            publishStatus("offline");
        } finally {
            publishers.forEach(Publisher::close);
        }
        long arrived = acknowledged.sum();
        return new FleetSummary(sent, arrived, sent - arrived, duplicates, outOfOrder, took);
    }

    private void publishStatus(String status) throws InterruptedException {
        byte[] payload = status.getBytes(StandardCharsets.UTF_8);
        for (int index = 0; index < shape.devices(); index++) {
            String topic = "sensors/" + Device.name(shape, index) + "/status";
            CompletableFuture<Void> unused = publisher(index).publish(topic, payload, true);
        }
    }

    private void send(PlannedMessage message) throws InterruptedException {
        sent++;
        duplicates += message.repeated() ? 1 : 0;
        outOfOrder += message.outOfOrder() ? 1 : 0;
        CompletableFuture<Void> unused = publisher(message.device())
                .publish(message.topic(), message.payload().getBytes(StandardCharsets.UTF_8), false)
                .whenComplete((done, failure) -> settled(message, failure));
    }

    private void settled(PlannedMessage message, @Nullable Throwable failure) {
        if (failure == null) {
            acknowledged.increment();
            return;
        }
        refused.increment();
        if (refused.sum() == 1) {
            LOG.warn(
                    "{} was not acknowledged: {} (further ones are only counted)", message.topic(), failure.toString());
        }
    }

    private Publisher publisher(int device) {
        return publishers.get(device % publishers.size());
    }
}
