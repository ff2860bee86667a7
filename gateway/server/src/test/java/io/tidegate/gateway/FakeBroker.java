package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.mqtt.MqttConnection;
import io.tidegate.mqtt.MqttDelivery;
import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttListener;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.mqtt.RefusedException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A broker inside the test: grants or refuses what it is told to, and remembers everything. */
public final class FakeBroker implements MqttTransport {

    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final Queue<Integer> refusals = new ConcurrentLinkedQueue<>();
    private volatile boolean sessionPresent;
    private volatile int subscribeRefusal;

    /** A message that somebody published. */
    public record Published(String topic, String payload, boolean retained) {}

    @Override
    public CompletableFuture<MqttConnection> connect(MqttEndpoint endpoint, MqttListener listener) {
        Integer refusal = refusals.poll();
        if (refusal != null) {
            return CompletableFuture.failedFuture(new RefusedException("connect", refusal));
        }
        Link link = new Link(endpoint, listener, sessionPresent, links.size());
        links.add(link);
        return CompletableFuture.completedFuture(link);
    }

    public void refuseNext(int reasonCode) {
        refusals.add(reasonCode);
    }

    public void refuseSubscriptions(int reasonCode) {
        subscribeRefusal = reasonCode;
    }

    public void sessionPresent(boolean present) {
        sessionPresent = present;
    }

    public List<Link> links() {
        return links;
    }

    /** The connections of a client id, oldest first. */
    public List<Link> links(String clientId) {
        return links.stream()
                .filter(link -> link.endpoint.clientId().equals(clientId))
                .toList();
    }

    /** One connection. */
    public final class Link implements MqttConnection {

        private final MqttEndpoint endpoint;
        private final MqttListener listener;
        private final boolean present;
        private final long number;
        private final AtomicInteger packetIds = new AtomicInteger();
        private final List<Integer> acknowledged = new CopyOnWriteArrayList<>();
        private final List<List<String>> subscriptions = new CopyOnWriteArrayList<>();
        private final List<Published> published = new CopyOnWriteArrayList<>();
        private final List<CompletableFuture<Void>> unanswered = new CopyOnWriteArrayList<>();
        private volatile boolean answering = true;
        private volatile boolean closed;

        private Link(MqttEndpoint endpoint, MqttListener listener, boolean present, long number) {
            this.endpoint = endpoint;
            this.listener = listener;
            this.present = present;
            this.number = number;
        }

        /** Delivers at QoS 1. */
        public int deliver(String topic, String payload) {
            int id = packetIds.incrementAndGet();
            deliver(new MqttDelivery(topic, payload.getBytes(UTF_8), 1, false, false, id, number));
            return id;
        }

        public void deliverQos0(String topic, String payload) {
            deliver(new MqttDelivery(topic, payload.getBytes(UTF_8), 0, false, false, 0, number));
        }

        public void deliverAgain(String topic, String payload) {
            deliver(new MqttDelivery(
                    topic, payload.getBytes(UTF_8), 1, false, true, packetIds.incrementAndGet(), number));
        }

        public void deliverRetained(String topic, String payload) {
            deliver(new MqttDelivery(
                    topic, payload.getBytes(UTF_8), 1, true, false, packetIds.incrementAndGet(), number));
        }

        private void deliver(MqttDelivery delivery) {
            listener.received(this, delivery);
        }

        public void lose(String reason, int reasonCode) {
            unanswered.forEach(waiting -> waiting.completeExceptionally(new IllegalStateException("lost")));
            listener.lost(reason, reasonCode);
        }

        /** From now on nothing that is published is acknowledged. */
        public void stopAnswering() {
            answering = false;
        }

        /** Refuses what is published and not answered yet, and takes what comes from now on. */
        public void refuseUnanswered(int reasonCode) {
            answering = true;
            unanswered.forEach(waiting -> waiting.completeExceptionally(new RefusedException("publish", reasonCode)));
        }

        public MqttEndpoint endpoint() {
            return endpoint;
        }

        public List<Integer> acknowledged() {
            return acknowledged;
        }

        public List<List<String>> subscriptions() {
            return subscriptions;
        }

        public List<Published> published() {
            return published;
        }

        public boolean isClosed() {
            return closed;
        }

        @Override
        public CompletableFuture<Void> subscribe(List<String> filters) {
            subscriptions.add(filters);
            return subscribeRefusal == 0
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new RefusedException("subscribe", subscribeRefusal));
        }

        @Override
        public CompletableFuture<Void> publish(String topic, byte[] payload, boolean retained) {
            published.add(new Published(topic, new String(payload, UTF_8), retained));
            CompletableFuture<Void> answer = new CompletableFuture<>();
            if (answering) {
                answer.complete(null);
            } else {
                unanswered.add(answer);
            }
            return answer;
        }

        @Override
        public void acknowledge(List<MqttDelivery> deliveries) {
            deliveries.stream()
                    .filter(delivery -> delivery.qos() > 0)
                    .forEach(delivery -> acknowledged.add(delivery.packetId()));
        }

        @Override
        public boolean sessionPresent() {
            return present;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
