package io.tidegate.mqtt;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Paho client that is used for one connection and then left behind.
 *
 * <pre>
 *               CONNACK                lost
 *  CONNECTING ──────────▶ OPEN ─────────────────▶ GONE   (the listener is told)
 *      │                    └──────close─────────▶ GONE   (nobody is told)
 *      └── refused · no reply in time · close ──▶ GONE   (the future fails)
 * </pre>
 */
final class PahoConnection implements MqttConnection {

    private enum State {
        CONNECTING,
        OPEN,
        GONE
    }

    private static final Logger LOG = LoggerFactory.getLogger(PahoConnection.class);
    private static final long GOODBYE_MS = 250;
    private static final long CLOSE_MS = 1_000;

    private static final Duration FIRST_WAKE = Duration.ofMillis(100);
    private static final Duration LAST_WAKE = Duration.ofSeconds(10);

    private static final AtomicLong EPOCHS = new AtomicLong();

    private final MqttEndpoint endpoint;
    private final MqttListener listener;
    private final long epoch = EPOCHS.incrementAndGet();
    private final CompletableFuture<MqttConnection> connected = new CompletableFuture<>();
    private final Object lock = new Object();
    private volatile State state = State.CONNECTING;
    private volatile @Nullable PahoClient client;
    private volatile @Nullable MqttSocket socket;
    private volatile @Nullable PahoRequests requests;
    private volatile @Nullable KeepAlive keepAlive;
    private volatile boolean sessionPresent;

    PahoConnection(MqttEndpoint endpoint, MqttListener listener) {
        this.endpoint = endpoint;
        this.listener = listener;
    }

    CompletableFuture<MqttConnection> connect() {
        Threads.WORKERS.execute(this::start);
        Threads.later(endpoint.timeouts().connect(), this::noAnswer);
        return connected;
    }

    private void start() {
        try {
            MqttSocket opened = new MqttSocket(endpoint);
            PahoClient made = new PahoClient(endpoint, opened);
            synchronized (lock) {
                if (state != State.CONNECTING) {
                    return;
                }
                socket = opened;
                client = made;
                requests = new PahoRequests(endpoint, made, opened);
            }
            made.setManualAcks(true);
            made.setCallback(new PahoCallbacks(this::received, this::gone));
            var unused = made.connect(ConnectOptions.of(endpoint), null, new ConnectAnswer());
        } catch (Throwable e) {
            fail(PendingReply.failure("connect " + endpoint, e));
        }
    }

    private void noAnswer() {
        fail(new ConnectionLostException(
                "no answer of the broker within " + endpoint.timeouts().connect()));
    }

    private final class ConnectAnswer implements MqttActionListener {
        @Override
        public void onSuccess(IMqttToken token) {
            try {
                opened(token);
            } catch (Throwable e) {
                LOG.error("{}: what depends on the connection failed", endpoint, e);
            }
        }

        @Override
        public void onFailure(IMqttToken token, Throwable failure) {
            fail(PendingReply.failure("connect " + endpoint, failure));
        }
    }

    private void opened(IMqttToken token) {
        MqttProperties answer = Objects.requireNonNullElseGet(token.getResponseProperties(), MqttProperties::new);
        sessionPresent = token.getSessionPresent();
        synchronized (lock) {
            if (state != State.CONNECTING) {
                return;
            }
            state = State.OPEN;
            keepAlive(answer).start();
            requests().open(answer);
        }
        connected.complete(this);
    }

    /** The broker may ask for another keep-alive than ours (MQTT 5 section 3.2.2.3.14). */
    private KeepAlive keepAlive(MqttProperties answer) {
        MqttSocket of = Objects.requireNonNull(socket);
        Integer asked = answer.getServerKeepAlive();
        KeepAlive made = new KeepAlive(
                Objects.requireNonNull(of.incoming()),
                Objects.requireNonNull(of.outgoing()),
                asked == null || asked == 0 ? endpoint.timeouts().keepAlive() : Duration.ofSeconds(asked),
                why -> gone(why, MqttListener.NO_REASON_CODE));
        keepAlive = made;
        return made;
    }

    /** The connection was never made. */
    private void fail(Exception reason) {
        synchronized (lock) {
            if (state != State.CONNECTING) {
                return;
            }
            state = State.GONE;
        }
        end(reason);
        cut();
        connected.completeExceptionally(reason);
    }

    /** The connection ended, and not by us. */
    private void gone(String reason, int reasonCode) {
        boolean wasOpen;
        synchronized (lock) {
            if (state == State.GONE) {
                return;
            }
            wasOpen = state == State.OPEN;
            state = State.GONE;
        }
        cut();
        ConnectionLostException failure = new ConnectionLostException(reason);
        end(failure);
        if (wasOpen) {
            listener.lost(reason, reasonCode);
        } else {
            connected.completeExceptionally(failure);
        }
    }

    /** On Paho's thread for deliveries, which waits while no more of them may be outstanding. */
    private void received(String topic, MqttMessage message) {
        MqttSocket of = Objects.requireNonNull(socket);
        boolean duplicate = Objects.requireNonNull(of.incoming()).arrivedIsDuplicate();
        MqttDelivery delivery = new MqttDelivery(
                topic, message.getPayload(), message.getQos(), message.isRetained(), duplicate, message.getId(), epoch);
        if (delivery.qos() > 0 && !Objects.requireNonNull(of.outgoing()).awaitTurn(bytes(delivery))) {
            gone("nothing can be acknowledged any more", MqttListener.NO_REASON_CODE);
        }
        if (state == State.GONE) {
            return;
        }
        requests().heard();
        listener.received(this, delivery);
    }

    private static int bytes(MqttDelivery delivery) {
        return delivery.topic().length() + delivery.payload().length;
    }

    @Override
    public CompletableFuture<Void> subscribe(List<String> filters) {
        return requests().subscribe(filters);
    }

    @Override
    public CompletableFuture<Void> publish(String topic, byte[] payload, boolean retained) {
        return requests().publish(topic, payload, retained);
    }

    /** There from before the first answer of the broker, so for everybody who has this connection. */
    private PahoRequests requests() {
        return Objects.requireNonNull(requests);
    }

    @Override
    public void acknowledge(List<MqttDelivery> deliveries) {
        OutboundStream out = outgoing();
        if (state == State.OPEN && out != null) {
            out.acknowledge(deliveries.stream()
                    .filter(delivery -> delivery.connection() == epoch && delivery.qos() > 0)
                    .map(delivery -> new OutboundStream.Acknowledgement(delivery.packetId(), bytes(delivery)))
                    .toList());
        }
    }

    @Override
    public boolean sessionPresent() {
        return sessionPresent;
    }

    @Override
    public void close() {
        boolean wasOpen;
        synchronized (lock) {
            wasOpen = state == State.OPEN;
            if (state == State.GONE) {
                return;
            }
            state = State.GONE;
        }
        ConnectionLostException reason = new ConnectionLostException(endpoint + ": closed");
        MqttAsyncClient of = client;
        CompletableFuture<Void> goodbye = CompletableFuture.runAsync(
                () -> {
                    if (wasOpen && of != null) {
                        awaitWritten();
                        sayGoodbye(of);
                    }
                    cut();
                },
                Threads.WORKERS);
        var unused =
                goodbye.completeOnTimeout(null, CLOSE_MS, TimeUnit.MILLISECONDS).whenComplete((done, e) -> cut());
        end(reason);
        connected.completeExceptionally(reason);
        if (!Thread.currentThread().getName().startsWith("MQTT ")) {
            goodbye.join();
        }
    }

    /** Waits a moment for acknowledgements to leave. */
    private void awaitWritten() {
        OutboundStream out = outgoing();
        if (out != null) {
            out.awaitWritten(Duration.ofMillis(GOODBYE_MS));
        }
    }

    /** Waits a moment for DISCONNECT to leave; Paho's other ways of saying it may wait for ever. */
    private static void sayGoodbye(MqttAsyncClient client) {
        try {
            client.disconnectForcibly(0, GOODBYE_MS, 0, new MqttProperties());
        } catch (MqttException | RuntimeException e) {
            LOG.debug("No goodbye to {}: {}", client.getServerURI(), e.toString());
        }
    }

    /** The way out of the connection; null before there is one. */
    private @Nullable OutboundStream outgoing() {
        MqttSocket of = socket;
        return of == null ? null : of.outgoing();
    }

    private void cut() {
        KeepAlive beats = keepAlive;
        if (beats != null) {
            beats.stop();
        }
        MqttSocket of = socket;
        if (of != null) {
            of.cut();
        }
        PahoClient made = client;
        if (made != null) {
            wakeSender(made, FIRST_WAKE);
        }
    }

    /** Paho wakes its sender once when a connection ends; one that is just about to wait would sleep for ever. */
    private static void wakeSender(PahoClient of, Duration in) {
        Threads.later(in, () -> {
            of.wakeSender();
            if (in.compareTo(LAST_WAKE) < 0) {
                wakeSender(of, in.multipliedBy(2));
            }
        });
    }

    private void end(Exception reason) {
        PahoRequests made = requests;
        if (made != null) {
            made.end(reason);
        }
    }
}
