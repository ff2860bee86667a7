package io.tidegate.simulator.fleet;

import java.util.concurrent.CompletableFuture;

/** A connection that a part of the fleet sends through. */
public interface Publisher extends AutoCloseable {

    /**
     * Sends with QoS 1; blocks while too much is in flight.
     *
     * @return completes when the broker acknowledged
     */
    CompletableFuture<Void> publish(String topic, byte[] payload, boolean retained) throws InterruptedException;

    /** Waits a bounded time for what is in flight, then leaves. Idempotent. */
    @Override
    void close();
}
