package io.tidegate.mqtt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes at QoS 1 over whichever connection there is, at least once and in order. What the broker has not acknowledged
 * stays in the outbox and is published again, with its full topic (P9), on the next connection; the outbox is bounded, and
 * whoever publishes into a full one waits. Thread-safe.
 *
 * <pre>
 *                connected: the outbox, from its oldest
 *  connecting ─────────────────────────────────────────▶ publishing
 *      ▲                                                     │ lost
 *      └──────────── waiting (backoff with jitter) ◀─────────┘
 * </pre>
 */
public final class ReconnectingPublisher implements AutoCloseable {

    /**
     * How it behaves.
     *
     * @param capacity the most messages that wait or are under way
     * @param firstRetry the first pause between connections, doubled up to
     * @param lastRetry the longest pause
     * @param closeTimeout how long {@link #close} waits for the outbox to empty
     */
    public record Settings(int capacity, Duration firstRetry, Duration lastRetry, Duration closeTimeout) {

        /** A bounded outbox, 0.5 s to 30 s between connections, 5 s for the last words. */
        public static Settings withCapacity(int capacity) {
            return new Settings(capacity, Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(5));
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingPublisher.class);

    private final MqttTransport transport;
    private final MqttEndpoint endpoint;
    private final Settings settings;
    private final Semaphore room;
    private final Backoff backoff;
    private final Set<Message> outbox = new LinkedHashSet<>();
    private @Nullable MqttConnection connection;
    private boolean closing;
    private boolean closed;

    private ReconnectingPublisher(MqttTransport transport, MqttEndpoint endpoint, Settings settings) {
        this.transport = transport;
        this.endpoint = endpoint;
        this.settings = settings;
        this.room = new Semaphore(settings.capacity(), true);
        this.backoff = new Backoff(settings.firstRetry(), settings.lastRetry(), new SplittableRandom());
    }

    /** A message in the outbox; compared by identity. */
    private static final class Message {
        private final String topic;
        private final byte[] payload;
        private final boolean retained;
        private final CompletableFuture<Void> delivered = new CompletableFuture<>();

        private Message(String topic, byte[] payload, boolean retained) {
            this.topic = topic;
            this.payload = payload;
            this.retained = retained;
        }
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
     * @return done when a broker has acknowledged it; fails with {@link RefusedException} when the broker refuses it for
     *     good, with {@link ConnectionLostException} when this is closed first
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
            if (connection != null) {
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
            left = new ArrayList<>(outbox);
            outbox.clear();
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
                                onLost(attempt, String.valueOf(cause(failure).getMessage()));
                            }
                        },
                        Threads.WORKERS);
    }

    private void onConnected(Attempt attempt, MqttConnection made) {
        synchronized (this) {
            if (!closed && !attempt.lost) {
                LOG.info("Connected: {}, {} to publish again", endpoint, outbox.size());
                backoff.reset();
                connection = made;
                List.copyOf(outbox).forEach(message -> send(message, made));
                return;
            }
        }
        made.close();
    }

    private synchronized void onLost(Attempt attempt, String reason) {
        attempt.lost = true;
        connection = null;
        if (!closed) {
            Duration pause = backoff.next();
            LOG.warn("No connection: {}: {}; next try in {} ms", endpoint, reason, pause.toMillis());
            Threads.later(pause, this::connectAgain);
        }
    }

    private void connectAgain() {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        connect();
    }

    private void send(Message message, MqttConnection over) {
        var unused = over.publish(message.topic, message.payload, message.retained)
                .whenComplete((done, failure) -> onAnswer(message, over, failure));
    }

    private void onAnswer(Message message, MqttConnection over, @Nullable Throwable failure) {
        if (failure == null) {
            done(message, null);
        } else if (cause(failure) instanceof RefusedException refused) {
            if (refused.reasonCode() == ReasonCode.QUOTA_EXCEEDED) {
                Threads.later(settings.firstRetry(), () -> sendAgain(message, over));
            } else {
                done(message, refused);
            }
        }
        // Else the connection is gone: the next one publishes it again.
    }

    private synchronized void sendAgain(Message message, MqttConnection over) {
        if (connection == over && outbox.contains(message)) {
            send(message, over);
        }
    }

    private void done(Message message, @Nullable Exception failure) {
        synchronized (this) {
            if (!outbox.remove(message)) {
                return;
            }
            if (outbox.isEmpty()) {
                notifyAll();
            }
        }
        end(message, failure);
    }

    private void end(Message message, @Nullable Exception failure) {
        room.release();
        if (failure == null) {
            message.delivered.complete(null);
        } else {
            message.delivered.completeExceptionally(failure);
        }
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
