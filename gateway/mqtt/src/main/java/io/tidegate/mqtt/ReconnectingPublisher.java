package io.tidegate.mqtt;

import io.tidegate.mqtt.Outbox.Message;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes at QoS 1 over whichever connection there is, at least once, and each topic in order. What the broker has not
 * acknowledged stays in the outbox and is published again, with its full topic (P9), on the next connection; the outbox is
 * bounded, and whoever publishes into a full one waits. Thread-safe.
 *
 * <pre>
 *                connected: the outbox, from its oldest
 *  connecting ─────────────────────────────────────────▶ publishing
 *      ▲                                                     │ lost, or no acknowledgement for too long
 *      └──────────── waiting (backoff with jitter) ◀─────────┘
 * </pre>
 *
 * <p>What a broker refuses for the moment (busy, a quota is full) is published again after a pause, and all of its topic
 * behind it. What it refuses for good fails, and only that.
 */
public final class ReconnectingPublisher implements AutoCloseable {

    /**
     * How it behaves.
     *
     * @param capacity the most messages that wait or are under way
     * @param firstRetry the first pause between connections, and before a refused message is sent again, doubled up to
     * @param lastRetry the longest pause
     * @param ackTimeout how long the oldest message under way waits for its acknowledgement before the connection is
     *     given up
     * @param closeTimeout how long {@link #close} waits for the outbox to empty
     */
    public record Settings(
            int capacity, Duration firstRetry, Duration lastRetry, Duration ackTimeout, Duration closeTimeout) {

        /**
         * A bounded outbox, 0.5 s to 30 s between connections, half a minute for an acknowledgement, 5 s for the last
         * words.
         */
        public static Settings withCapacity(int capacity) {
            return new Settings(
                    capacity,
                    Duration.ofMillis(500),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5));
        }

        /** The same with other pauses. */
        public Settings withRetry(Duration newFirst, Duration newLast) {
            return new Settings(capacity, newFirst, newLast, ackTimeout, closeTimeout);
        }

        /** The same with another patience for acknowledgements. */
        public Settings withAckTimeout(Duration newAckTimeout) {
            return new Settings(capacity, firstRetry, lastRetry, newAckTimeout, closeTimeout);
        }

        /** The same with another patience at the end. */
        public Settings withCloseTimeout(Duration newCloseTimeout) {
            return new Settings(capacity, firstRetry, lastRetry, ackTimeout, newCloseTimeout);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingPublisher.class);

    // For the life of the publisher.
    private final MqttTransport transport;
    private final MqttEndpoint endpoint;
    private final Settings settings;
    private final Semaphore room;
    private final ReconnectPauses pauses;
    private final Outbox outbox = new Outbox();
    private boolean closing;
    private boolean closed;

    // For this connection.
    private @Nullable MqttConnection connection;
    private final Set<Message> underWay = new LinkedHashSet<>();
    private long oldestSinceNanos;
    private boolean worked;

    private ReconnectingPublisher(MqttTransport transport, MqttEndpoint endpoint, Settings settings) {
        this.transport = transport;
        this.endpoint = endpoint;
        this.settings = settings;
        this.room = new Semaphore(settings.capacity(), true);
        this.pauses = new ReconnectPauses(
                settings.firstRetry(), settings.lastRetry(), settings.lastRetry(), new SplittableRandom());
    }

    /** Starts, and connects in the background until {@link #close}. */
    public static ReconnectingPublisher start(MqttTransport transport, MqttEndpoint endpoint, Settings settings) {
        ReconnectingPublisher publisher = new ReconnectingPublisher(transport, endpoint, settings);
        publisher.connect();
        return publisher;
    }

    /**
     * Puts a message into the outbox; blocks while that is full. To be called on threads of one's own, in the wished order.
     *
     * @param payload not to be changed any more
     * @return done when a broker has acknowledged it and all before it on its topic; fails with {@link RefusedException}
     *     when the broker refuses it for good, with {@link ConnectionLostException} when this is closed first
     */
    public CompletableFuture<Void> publish(String topic, byte[] payload, boolean retained) {
        Message message = new Message(topic, payload, retained);
        try {
            room.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(new ConnectionLostException("interrupted", e));
        }
        synchronized (this) {
            if (closing) {
                room.release();
                return CompletableFuture.failedFuture(new ConnectionLostException(endpoint + ": closed"));
            }
            outbox.add(message);
            if (connection != null && !outbox.isHeld(topic)) {
                send(message, connection);
            }
        }
        return message.delivered;
    }

    /** Whether there is a connection now. */
    public synchronized boolean connected() {
        return connection != null;
    }

    /** How many messages no broker has acknowledged yet. */
    public synchronized int pending() {
        return outbox.size();
    }

    /** Waits, up to the time-out, until the outbox is empty; what is left then fails. Idempotent. */
    @Override
    public void close() {
        List<Message> left;
        MqttConnection last;
        synchronized (this) {
            closing = true;
            awaitEmptyOutbox();
            closed = true;
            left = outbox.clear();
            last = connection;
            connection = null;
        }
        if (last != null) {
            last.close();
        }
        left.forEach(message -> end(message, new ConnectionLostException(endpoint + ": closed")));
    }

    private synchronized void awaitEmptyOutbox() {
        long deadline = System.nanoTime() + settings.closeTimeout().toNanos();
        try {
            while (!outbox.isEmpty() && !closed && System.nanoTime() < deadline) {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, deadline - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One attempt to connect, and the connection that it made. */
    private final class Attempt implements MqttListener {
        private boolean lost;

        @Override
        public void received(MqttConnection from, MqttDelivery delivery) {
            // Nothing is subscribed.
        }

        @Override
        public void lost(String reason, int reasonCode) {
            Threads.WORKERS.execute(() -> onLost(this, reason));
        }
    }

    private void connect() {
        Attempt attempt = new Attempt();
        var unused = transport
                .connect(endpoint, attempt)
                .whenCompleteAsync(
                        (made, failure) -> {
                            if (failure == null) {
                                onConnected(attempt, made);
                            } else {
                                onLost(
                                        attempt,
                                        String.valueOf(Failures.cause(failure).getMessage()));
                            }
                        },
                        Threads.WORKERS);
    }

    private void onConnected(Attempt attempt, MqttConnection made) {
        synchronized (this) {
            if (!closed && !attempt.lost) {
                LOG.info("Connected: {}, {} to publish again", endpoint, outbox.size());
                pauses.connected();
                connection = made;
                worked = false;
                underWay.clear();
                outbox.releaseAll().forEach(message -> send(message, made));
                Threads.later(ReconnectPauses.SETTLED, () -> onSettled(made));
                Threads.later(settings.ackTimeout().dividedBy(4), () -> checkAcknowledgements(attempt, made));
                return;
            }
        }
        made.close();
    }

    private synchronized void onSettled(MqttConnection made) {
        if (connection == made) {
            pauses.settled();
        }
    }

    private synchronized void onLost(Attempt attempt, String reason) {
        if (attempt.lost) {
            return;
        }
        attempt.lost = true;
        boolean wasConnected = connection != null;
        connection = null;
        if (!closed) {
            Duration pause = wasConnected ? pauses.afterLoss(worked) : pauses.afterFailure();
            String why = pauses.isContested() ? reason + "; " + ReconnectPauses.suspicion(endpoint) : reason;
            LOG.warn("No connection: {}: {}; next try in {} ms", endpoint, why, pause.toMillis());
            Threads.later(pause, this::connectAgain);
        }
    }

    private void connectAgain() {
        if (!isClosed()) {
            connect();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** A broker that answers pings and nothing else would keep the outbox full for ever. */
    private void checkAcknowledgements(Attempt attempt, MqttConnection over) {
        synchronized (this) {
            if (connection != over) {
                return;
            }
            long waited = System.nanoTime() - oldestSinceNanos;
            if (underWay.isEmpty() || waited < settings.ackTimeout().toNanos()) {
                Threads.later(settings.ackTimeout().dividedBy(4), () -> checkAcknowledgements(attempt, over));
                return;
            }
        }
        onLost(attempt, "the broker has not acknowledged a message for " + settings.ackTimeout());
        over.close();
    }

    private void send(Message message, MqttConnection over) {
        message.sent++;
        int time = message.sent;
        answered(message);
        if (underWay.isEmpty()) {
            oldestSinceNanos = System.nanoTime();
        }
        underWay.add(message);
        var unused = over.publish(message.topic, message.payload, message.retained)
                .whenComplete((done, failure) -> onAnswer(message, time, over, failure));
    }

    private void answered(Message message) {
        boolean oldest = !underWay.isEmpty() && underWay.iterator().next() == message;
        underWay.remove(message);
        if (oldest) {
            oldestSinceNanos = System.nanoTime();
        }
    }

    private void onAnswer(Message message, int time, MqttConnection over, @Nullable Throwable failure) {
        @Nullable
        RefusedException refused = failure != null && Failures.cause(failure) instanceof RefusedException r ? r : null;
        if (failure != null && refused == null) {
            // The connection is gone: the next one publishes it again.
            return;
        }
        List<Message> delivered;
        synchronized (this) {
            if (message.sent != time || !outbox.contains(message)) {
                return;
            }
            answered(message);
            if (refused == null) {
                worked = true;
                delivered = outbox.taken(message);
            } else if (refused.isTransient()) {
                hold(message.topic, refused, over);
                return;
            } else {
                delivered = outbox.remove(message);
            }
            if (outbox.isEmpty()) {
                notifyAll();
            }
        }
        if (refused != null) {
            end(message, refused);
        }
        delivered.forEach(one -> end(one, null));
    }

    private void hold(String topic, RefusedException refused, MqttConnection over) {
        int refusals = outbox.hold(topic);
        if (refusals > 0) {
            Duration pause = Backoff.bound(settings.firstRetry(), settings.lastRetry(), refusals - 1);
            LOG.warn("{}: {}; next try in {} ms", endpoint, refused.getMessage(), pause.toMillis());
            Threads.later(pause, () -> release(topic, over));
        }
    }

    private synchronized void release(String topic, MqttConnection over) {
        if (connection == over && outbox.isHeld(topic)) {
            outbox.release(topic).forEach(message -> send(message, over));
        }
    }

    private void end(Message message, @Nullable Exception failure) {
        room.release();
        if (failure == null) {
            message.delivered.complete(null);
        } else {
            message.delivered.completeExceptionally(failure);
        }
    }
}
