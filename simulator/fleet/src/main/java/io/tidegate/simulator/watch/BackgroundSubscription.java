package io.tidegate.simulator.watch;

import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttTransport;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A subscription of all results on a thread of its own, from its start until it is closed. */
public final class BackgroundSubscription implements AutoCloseable {

    private final CountDownLatch connected = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Connects as often as it must.
     *
     * @param client how the MQTT client's id begins
     * @param results told of each result on the thread of the subscription
     */
    public BackgroundSubscription(URI broker, String client, Consumer<Result> results) {
        MqttEndpoint endpoint = MqttEndpoint.results(broker, client + "-" + UUID.randomUUID());
        ResultSubscription subscription =
                new ResultSubscription(MqttTransport.paho(), endpoint, "tidegate/#", results, notice -> {
                    if (notice.startsWith("connected")) {
                        connected.countDown();
                    }
                });
        thread = new Thread(() -> run(subscription), "results");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(ResultSubscription subscription) {
        try {
            subscription.run(closed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the broker has accepted the subscription; false when that takes longer. */
    public boolean awaitConnected(Duration patience) throws InterruptedException {
        return connected.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the subscription and waits for its thread. */
    @Override
    public void close() throws InterruptedException {
        closed.countDown();
        thread.join();
    }
}
