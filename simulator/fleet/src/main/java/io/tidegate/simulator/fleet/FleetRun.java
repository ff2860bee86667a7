package io.tidegate.simulator.fleet;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes a plan at its pace. Devices are spread over the publishers by their index, so that the messages of a device
 * keep their order. Used once, by one thread, which it may keep waiting while too much is in flight.
 *
 * <p>Each device says {@code online} on its status topic before its first reading and {@code offline} at the end, both
 * retained.
 */
public final class FleetRun {
    private final FleetShape shape;
    private final List<Publisher> publishers;
    private final Acknowledgements acknowledgements = new Acknowledgements();
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
        long acknowledged = acknowledgements.count();
        return new FleetSummary(sent, acknowledged, sent - acknowledged, duplicates, outOfOrder, took);
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
        byte[] payload = message.payload().getBytes(StandardCharsets.UTF_8);
        acknowledgements.expect(message.topic(), publisher(message.device()).publish(message.topic(), payload, false));
    }

    private Publisher publisher(int device) {
        return publishers.get(device % publishers.size());
    }
}
