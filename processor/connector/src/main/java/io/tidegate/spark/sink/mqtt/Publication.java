package io.tidegate.spark.sink.mqtt;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Messages of one task on their way to a broker: so many under way at most, every one acknowledged in the end. One thread;
 * close it, so that a connection that nobody uses any more can end.
 */
public final class Publication implements AutoCloseable {

    private final Function<MqttMessage, CompletableFuture<Void>> publish;
    private final int maxInFlight;
    private final Ending ending;
    private final Queue<CompletableFuture<Void>> underWay = new ArrayDeque<>();

    /**
     * How it ends.
     *
     * @param patience how long the oldest message may wait for its acknowledgement; zero: for ever
     * @param givenUp called when it has waited for longer
     * @param closed called once, when the publication is closed
     */
    record Ending(Duration patience, Runnable givenUp, Runnable closed) {}

    Publication(Function<MqttMessage, CompletableFuture<Void>> publish, int maxInFlight, Ending ending) {
        this.publish = publish;
        this.maxInFlight = maxInFlight;
        this.ending = ending;
    }

    /**
     * Sends a message, after the oldest one is acknowledged if too many are under way. A broker that is away only delays,
     * unless the publication has a limit of patience.
     *
     * @throws InterruptedException when the task is killed; what was under way may or may not arrive
     * @throws IllegalStateException when the broker has refused an earlier one, or has not answered for too long
     */
    public void add(MqttMessage message) throws InterruptedException {
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

    private void acknowledged(CompletableFuture<Void> publication) throws InterruptedException {
        try {
            if (ending.patience.isZero()) {
                publication.get();
            } else {
                publication.get(ending.patience.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            ending.givenUp.run();
            throw new IllegalStateException(
                    "publishing a result: no acknowledgement within " + ending.patience.toSeconds()
                            + " s (expected: a broker that answers, or a longer timeout)",
                    e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("publishing a result: " + cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        ending.closed.run();
    }
}
