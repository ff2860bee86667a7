package io.tidegate.spark.mqtt;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** Messages of one task on their way to a broker: so many under way at most, every one acknowledged in the end. One thread. */
public final class Publication {

    private final Function<Message, CompletableFuture<Void>> publish;
    private final int maxInFlight;
    private final Queue<CompletableFuture<Void>> underWay = new ArrayDeque<>();

    Publication(Function<Message, CompletableFuture<Void>> publish, int maxInFlight) {
        this.publish = publish;
        this.maxInFlight = maxInFlight;
    }

    /**
     * Sends a message, after the oldest one is acknowledged if too many are under way. A broker that is away only delays.
     *
     * @throws InterruptedException when the task is killed; what was under way may or may not arrive
     * @throws IllegalStateException when the broker has refused an earlier one
     */
    public void add(Message message) throws InterruptedException {
        if (underWay.size() >= maxInFlight) {
            acknowledged(underWay.remove());
        }
        underWay.add(publish.apply(message));
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

    private static void acknowledged(CompletableFuture<Void> publication) throws InterruptedException {
        try {
            publication.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("publishing a result: " + cause.getMessage(), cause);
        }
    }
}
