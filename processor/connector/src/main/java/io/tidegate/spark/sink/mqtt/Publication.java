package io.tidegate.spark.sink.mqtt;

import io.tidegate.mqtt.ReconnectingPublisher;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Messages of one task on their way to a broker: so many under way at most, every one acknowledged in the end. One thread;
 * close it, so that a connection that nobody uses any more can end.
 */
public final class Publication implements AutoCloseable {

    private final PublisherPool connections;
    private final MqttTarget target;
    private final Duration patience;
    private final ReconnectingPublisher publisher;
    private final Queue<CompletableFuture<Void>> underWay = new ArrayDeque<>();

    /**
     * Uses a target's connection until it is closed.
     *
     * @param patience how long the oldest message may wait for its acknowledgement; then the connection ends; zero: for ever
     */
    Publication(PublisherPool connections, MqttTarget target, Duration patience) {
        this.connections = connections;
        this.target = target;
        this.patience = patience;
        publisher = connections.use(target);
    }

    /**
     * Sends a message, after the oldest one is acknowledged if too many are under way. A broker that is away only delays,
     * unless the publication has a limit of patience.
     *
     * @throws InterruptedException when the task is killed; what was under way may or may not arrive
     * @throws IllegalStateException when the broker has refused an earlier one, or has not answered for too long
     */
    public void add(MqttMessage message) throws InterruptedException {
        if (underWay.size() >= target.maxInFlight()) {
            acknowledged(underWay.remove());
        }
        underWay.add(publisher.publish(message.topic(), message.payload(), message.retained()));
    }

    /**
     * Returns when the broker has acknowledged every one.
     *
     * @throws InterruptedException as {@link #add}
     * @throws IllegalStateException as {@link #add}
     */
    public void await() throws InterruptedException {
        while (!underWay.isEmpty()) {
            acknowledged(underWay.remove());
        }
    }

    private void acknowledged(CompletableFuture<Void> publication) throws InterruptedException {
        try {
            if (patience.isZero()) {
                publication.get();
            } else {
                publication.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            connections.end(target, publisher);
            throw new IllegalStateException(
                    "publishing a result: no acknowledgement within " + patience.toSeconds()
                            + " s (expected: a broker that answers, or a longer timeout)",
                    e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("publishing a result: " + cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        connections.giveBack(target, publisher);
    }
}
