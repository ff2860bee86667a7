package io.tidegate.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BrokerTest {
    private static final long PATIENCE_MS = 60_000;

    private static Broker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = Broker.start(0);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void a_free_port_is_chosen_and_told() {
        assertThat(broker.port()).isBetween(1, 65_535);
    }

    @Test
    void it_listens_on_loopback_only() throws Exception {
        var elsewhere = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .toList();

        for (var address : elsewhere) {
            try (Socket socket = new Socket()) {
                assertThatThrownBy(() -> socket.connect(new InetSocketAddress(address, broker.port()), 1_000))
                        .isInstanceOf(IOException.class);
            }
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.port())) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void an_mqtt_5_client_gets_what_another_one_publishes() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        try (Client subscriber = Client.connect("subscriber", received);
                Client publisher = Client.connect("publisher", new LinkedBlockingQueue<>())) {
            subscriber.mqtt.subscribe("sensors/#", 1).waitForCompletion(PATIENCE_MS);

            publisher
                    .mqtt
                    .publish("sensors/d1/temperature", "21.4".getBytes(StandardCharsets.UTF_8), 1, false)
                    .waitForCompletion(PATIENCE_MS);

            assertThat(received.poll(PATIENCE_MS, TimeUnit.MILLISECONDS)).isEqualTo("21.4");
        }
    }

    @Test
    void a_burst_of_2000_messages_of_qos_1_loses_nothing() throws Exception {
        int messages = 2_000;
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        try (Client subscriber = Client.connect("slow", received);
                Client publisher = Client.connect("fast", new LinkedBlockingQueue<>())) {
            subscriber.mqtt.subscribe("burst/#", 1).waitForCompletion(PATIENCE_MS);

            publisher.burst("burst/x", messages);

            BitSet seen = new BitSet(messages);
            Awaitility.await().until(() -> {
                received.forEach(text -> seen.set(Integer.parseInt(text)));
                return seen.cardinality() == messages;
            });
        }
    }

    @Test
    void a_taken_port_is_named() {
        assertThatThrownBy(() -> Broker.start(broker.port()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + broker.port());
    }

    private record Client(MqttAsyncClient mqtt) implements AutoCloseable {
        static Client connect(String id, BlockingQueue<String> received) throws MqttException {
            MqttAsyncClient mqtt = new MqttAsyncClient("tcp://127.0.0.1:" + broker.port(), id, new MemoryPersistence());
            mqtt.setCallback(new Receiving(received));
            mqtt.connect(new MqttConnectionOptions()).waitForCompletion(PATIENCE_MS);
            return new Client(mqtt);
        }

        void burst(String topic, int messages) throws Exception {
            int window = 500;
            Semaphore inFlight = new Semaphore(window);
            for (int i = 0; i < messages; i++) {
                assertThat(inFlight.tryAcquire(PATIENCE_MS, TimeUnit.MILLISECONDS))
                        .isTrue();
                byte[] payload = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                mqtt.publish(topic, payload, 1, false, null, new Releasing(inFlight));
            }
            assertThat(inFlight.tryAcquire(window, PATIENCE_MS, TimeUnit.MILLISECONDS))
                    .isTrue();
        }

        @Override
        public void close() throws MqttException {
            mqtt.disconnectForcibly(100, 1_000, false);
            mqtt.close(true);
        }
    }

    private record Releasing(Semaphore inFlight) implements MqttActionListener {
        @Override
        public void onSuccess(IMqttToken token) {
            inFlight.release();
        }

        @Override
        public void onFailure(IMqttToken token, Throwable failure) {
            // the missing permit fails the test
        }
    }

    private record Receiving(BlockingQueue<String> received) implements MqttCallback {
        @Override
        public void messageArrived(String topic, MqttMessage message) {
            received.add(new String(message.getPayload(), StandardCharsets.UTF_8));
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {}

        @Override
        public void mqttErrorOccurred(MqttException failure) {}

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void connectComplete(boolean reconnect, String uri) {}

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {}
    }
}
