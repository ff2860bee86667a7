package io.tidegate.spark.sink.mqtt;

import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.mqtt.ReconnectingPublisher;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.SparkEnv;

/**
 * Publishes from tasks, over one connection per JVM and target that outlives them.
 *
 * <pre>{@code
 * stream.foreachRDD(rdd -> {
 *     MqttTarget target = Settings.current().target();      // on the driver: not part of the checkpoint
 *     rdd.foreachPartition(messages -> MqttResults.publish(target, messages));
 * });
 * }</pre>
 *
 * <p>Delivery is at least once. Safe for any number of tasks at a time.
 */
public final class MqttResults {

    private static final PublisherPool SHARED = new PublisherPool(MqttResults::start);

    private MqttResults() {}

    /**
     * Publishes all messages in their order and returns when the broker has acknowledged every one. A broker that is away
     * only delays; at most {@link MqttTarget#maxInFlight} messages are under way.
     *
     * @throws InterruptedException when the task is killed; what was under way may or may not arrive
     * @throws IllegalStateException when the broker refuses a message (a reason code of 0x80 or more)
     */
    public static void publish(MqttTarget target, Iterator<MqttMessage> messages) throws InterruptedException {
        try (Publication publication = begin(target)) {
            while (messages.hasNext()) {
                publication.add(messages.next());
            }
            publication.await();
        }
    }

    /** Begins to publish messages that come one by one; a broker that is away is waited for. */
    public static Publication begin(MqttTarget target) {
        return begin(target, Duration.ZERO);
    }

    /**
     * Begins to publish messages that come one by one.
     *
     * @param patience how long the oldest message may wait for its acknowledgement; zero: for ever
     */
    static Publication begin(MqttTarget target, Duration patience) {
        return new Publication(SHARED, target, patience);
    }

    /** Whether this JVM is connected to the target now; a target that nobody published to is not. */
    public static boolean connected(MqttTarget target) {
        ReconnectingPublisher publisher = SHARED.peek(target);
        return publisher != null && publisher.connected();
    }

    /** Ends this JVM's connections, for an orderly end of the process; a later publication opens a new one. */
    public static void closeAll() {
        SHARED.endAll();
    }

    private static ReconnectingPublisher start(MqttTarget target) {
        MqttEndpoint endpoint = MqttEndpoint.results(target.broker(), target.clientId() + "-" + executor())
                .withCredentials(Optional.ofNullable(target.user()), Optional.ofNullable(target.password()))
                .withMaxInflight(target.maxInFlight());
        return ReconnectingPublisher.start(
                MqttTransport.paho(), endpoint, ReconnectingPublisher.Settings.withCapacity(target.maxInFlight()));
    }

    /** Two executors with one client id would push each other out. */
    private static String executor() {
        SparkEnv spark = SparkEnv.get();
        return spark == null ? "none" : spark.executorId();
    }
}
