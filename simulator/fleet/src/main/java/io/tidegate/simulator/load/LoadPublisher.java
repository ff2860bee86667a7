package io.tidegate.simulator.load;

import io.tidegate.simulator.local.Deadline;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Publishes readings of devices that take turns, over several connections, each device always over the same. Messages that
 * may leave at the same time leave in one write. One thread at a time calls {@link #publish}, again when it has returned, and
 * then {@link #close}; {@link #sent} may be asked by any.
 */
final class LoadPublisher implements AutoCloseable {
    /** Between two looks at the clock: after so many messages what waits is written in any case. */
    private static final int AT_ONCE = 64;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long ACKNOWLEDGED_WITHIN_S = 60;

    private final LoadShape shape;
    private final ReadingPackets packets;
    private final List<PublishConnection> connections = new ArrayList<>();
    private volatile long sent;

    /**
     * Connects.
     *
     * @param run the devices are {@code run-0}, {@code run-1}, …
     */
    LoadPublisher(URI broker, String run, LoadShape shape) throws IOException {
        this.shape = shape;
        this.packets = new ReadingPackets(run, shape.devices(), shape.readingsAMessage());
        try {
            for (int i = 0; i < shape.clients(); i++) {
                connections.add(new PublishConnection(broker, "tidegate-" + run + "-" + i, packets.mostBytes()));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * Publishes until it is over, then waits until the broker has acknowledged everything.
     *
     * @param target told of each message, in the order of leaving
     * @throws IOException when a connection ends, or the broker does not acknowledge
     */
    void publish(SendSchedule schedule, Target target, BooleanSupplier over) throws IOException {
        long number = sent;
        while (!over.getAsBoolean()) {
            long now = System.nanoTime();
            long until = Math.min(schedule.allowed(now), number + AT_ONCE);
            long nowMs = System.currentTimeMillis();
            if (number >= until) {
                flush();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            while (number < until) {
                int device = (int) (number % shape.devices());
                PublishConnection connection = connections.get(device % connections.size());
                int packetId = connection.next();
                target.sent(device, schedule.dueNanos(number, now));
                long firstSeq = number / shape.devices() * shape.readingsAMessage() + 1;
                connection.filled(
                        packets.write(connection.buffer(), connection.position(), device, packetId, firstSeq, nowMs));
                number++;
            }
            sent = number;
        }
        flush();
        awaitAcknowledgements();
    }

    /** Messages that have left or are about to. */
    long sent() {
        return sent;
    }

    /** Of these, what the broker has acknowledged. */
    long acknowledged() {
        return connections.stream().mapToLong(PublishConnection::acknowledged).sum();
    }

    private void flush() throws IOException {
        for (PublishConnection connection : connections) {
            connection.flush();
        }
    }

    private void awaitAcknowledgements() throws IOException {
        Deadline deadline = Deadline.in(Duration.ofSeconds(ACKNOWLEDGED_WITHIN_S));
        for (PublishConnection connection : connections) {
            while (connection.inFlight() > 0) {
                connection.check();
                if (deadline.isOver()) {
                    throw new IOException("the broker has not acknowledged " + connection.inFlight()
                            + " messages within " + ACKNOWLEDGED_WITHIN_S + " s");
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    @Override
    public void close() {
        connections.forEach(PublishConnection::close);
    }
}
