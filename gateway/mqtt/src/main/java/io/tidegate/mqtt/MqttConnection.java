package io.tidegate.mqtt;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One connection to a broker, used once and thrown away. Thread-safe; no call blocks. Futures complete on the connection's
 * threads: what depends on them must only enqueue. When the connection is lost or closed, every open future fails with
 * {@link ConnectionLostException}.
 */
public interface MqttConnection extends AutoCloseable {

    /**
     * Subscribes at QoS 1, retained messages only for subscriptions that are new.
     *
     * @return done when the broker granted all filters; fails with {@link RefusedException} when it refused one
     */
    CompletableFuture<Void> subscribe(List<String> filters);

    /**
     * Publishes at QoS 1, in the order of the calls; waits, not blocking, while the broker's window is full.
     *
     * @return done when the broker has taken it; fails with {@link RefusedException} when it did not
     */
    CompletableFuture<Void> publish(String topic, byte[] payload, boolean retained);

    /**
     * Tells the broker that deliveries are safe, in their order; in few packets of TCP when they come together. Nothing
     * happens after close, for deliveries of another connection, and for those at QoS 0, which no broker waits for.
     */
    void acknowledge(List<MqttDelivery> deliveries);

    /** Tells the broker that one delivery is safe. */
    default void acknowledge(MqttDelivery delivery) {
        acknowledge(List.of(delivery));
    }

    /** Whether the broker still knew this client's session: if not, it has to be subscribed, and something may be lost. */
    boolean sessionPresent();

    /** Ends the connection politely if the broker listens, within a second in any case. Idempotent; then nobody is told. */
    @Override
    void close();
}
