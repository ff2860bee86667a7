package io.tidegate.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * What is asked of a broker over one connection, and not answered yet. Requests are taken from {@link #open} to {@link #end},
 * which fails all that are open. Thread-safe.
 */
final class PahoRequests {

    /** Of a PUBLISH beside topic and payload, at most: header, lengths, packet id, topic alias. */
    private static final int PUBLISH_OVERHEAD = 16;

    private static final int MOST_UNDER_WAY = 65_535;

    private final MqttEndpoint endpoint;
    private final MqttAsyncClient client;
    private final MqttSocket socket;
    private final Set<PendingReply> pending = ConcurrentHashMap.newKeySet();
    private final PublishWindow window = new PublishWindow(this::send);
    private volatile boolean isOpen;
    private volatile long maximumPacket = Long.MAX_VALUE;
    /** When something was delivered last, or asked for. */
    private volatile long heardNanos;

    PahoRequests(MqttEndpoint endpoint, MqttAsyncClient client, MqttSocket socket) {
        this.endpoint = endpoint;
        this.client = client;
        this.socket = socket;
    }

    /** @param answer what CONNACK said */
    void open(MqttProperties answer) {
        int most = answer.getReceiveMaximum() == null ? MOST_UNDER_WAY : answer.getReceiveMaximum();
        if (answer.getMaximumPacketSize() != null) {
            maximumPacket = answer.getMaximumPacketSize();
        }
        isOpen = true;
        window.open(Math.max(1, Math.min(endpoint.limits().maxInflight(), most) - 1));
    }

    /** The connection has ended. */
    void end(Exception reason) {
        isOpen = false;
        window.close();
        pending.forEach(reply -> reply.end(reason));
    }

    /** Something was delivered: a broker that delivers is not silent. */
    void heard() {
        heardNanos = System.nanoTime();
    }

    CompletableFuture<Void> subscribe(List<String> filters) {
        String what = "subscribe to " + filters;
        PendingReply reply = register(new PendingReply(what, () -> {}));
        try {
            if (!reply.isDone()) {
                client.subscribe(
                        filters.stream().map(PahoRequests::subscription).toArray(MqttSubscription[]::new),
                        null,
                        reply,
                        new MqttProperties());
            }
        } catch (MqttException e) {
            reply.end(PendingReply.failure("subscribe", e));
        } catch (IllegalArgumentException e) {
            reply.end(new RefusedException(what, ReasonCode.FILTER_INVALID));
        }
        heard();
        giveUpWhenQuiet(reply, endpoint.timeouts().connect());
        return reply;
    }

    private static MqttSubscription subscription(String filter) {
        MqttSubscription subscription = new MqttSubscription(filter, 1);
        subscription.setRetainHandling(1);
        return subscription;
    }

    /** A broker delivers all that it kept for us before it answers: only one that is read and silent is given up. */
    private void giveUpWhenQuiet(PendingReply reply, Duration in) {
        Threads.later(in, () -> {
            if (socket.isHeld()) {
                heard();
            }
            Duration left = endpoint.timeouts().connect().minusNanos(System.nanoTime() - heardNanos);
            if (left.isNegative() || left.isZero()) {
                reply.end(new ConnectionLostException("subscribe: no answer"));
            } else if (!reply.isDone()) {
                giveUpWhenQuiet(reply, left);
            }
        });
    }

    CompletableFuture<Void> publish(String topic, byte[] payload, boolean retained) {
        String what = "publish to " + topic;
        if (payload.length + topic.getBytes(UTF_8).length + PUBLISH_OVERHEAD > maximumPacket) {
            return CompletableFuture.failedFuture(new RefusedException(what, ReasonCode.PACKET_TOO_LARGE));
        }
        PendingReply reply = register(new PendingReply(what, window::ended));
        if (!reply.isDone()) {
            window.add(new PublishWindow.Publish(topic, payload, retained, reply));
        }
        return reply;
    }

    /** Keeps a request's reply until it is there, so that it fails when the connection ends. */
    private PendingReply register(PendingReply reply) {
        pending.add(reply);
        var unused = reply.whenComplete((done, failure) -> pending.remove(reply));
        if (!isOpen) {
            reply.end(new ConnectionLostException(endpoint + ": not connected"));
        }
        return reply;
    }

    private boolean send(PublishWindow.Publish publish) {
        PendingReply reply = publish.answer();
        try {
            client.publish(publish.topic(), publish.payload(), 1, publish.retained(), null, reply);
        } catch (MqttException e) {
            if (e.getReasonCode() == MqttClientException.REASON_CODE_MAX_INFLIGHT) {
                return false;
            }
            notSent(reply, PendingReply.failure("publish", e));
        } catch (IllegalArgumentException e) {
            notSent(reply, new RefusedException("publish to " + publish.topic(), ReasonCode.TOPIC_INVALID));
        }
        return true;
    }

    /** On a worker: the window holds its lock while it sends, and whoever waits for the reply may want one of its own. */
    private void notSent(PendingReply reply, Exception reason) {
        Threads.WORKERS.execute(() -> {
            window.ended();
            reply.end(reason);
        });
    }
}
