package io.tidegate.chain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * A chain in one program that shares no code with Tidegate: each second it publishes, of each device that has sent since the
 * second before, how many readings there are in all and how many came within the last minute. It forgets everything when it
 * ends, and takes a message for one reading.
 */
final class PeerChain implements MqttCallback {
    private static final int MINUTE = 60;

    private final Map<String, Device> devices = new HashMap<>();

    private PeerChain() {}

    public static void main(String[] args) throws Exception {
        PeerChain chain = new PeerChain();
        MqttAsyncClient client = new MqttAsyncClient(System.getenv("TIDEGATE_BROKER"), "peer", new MemoryPersistence());
        client.setCallback(chain);
        client.connect().waitForCompletion();
        client.subscribe(System.getenv("TIDEGATE_FILTER"), 1).waitForCompletion();
        System.out.println("ready");
        for (long batch = 1; client.isConnected(); batch++) {
            TimeUnit.SECONDS.sleep(1);
            for (Map.Entry<String, String> result : chain.results(batch).entrySet()) {
                client.publish(
                        result.getKey(), new MqttMessage(result.getValue().getBytes(UTF_8), 1, false, null));
            }
        }
        System.exit(1);
    }

    private synchronized Map<String, String> results(long batch) {
        Map<String, String> results = new HashMap<>();
        devices.forEach((name, device) -> {
            device.seconds.addLast(device.count);
            if (device.seconds.size() > MINUTE + 1) {
                device.seconds.removeFirst();
            }
            if (device.count > device.published) {
                device.published = device.count;
                long inMinute = device.count - device.seconds.getFirst();
                results.put(System.getenv("TIDEGATE_TOTALS") + "/" + name, json(batch, device.count));
                results.put(System.getenv("TIDEGATE_WINDOWS") + "/" + name, json(batch, inMinute));
            }
        });
        return results;
    }

    private static String json(long batch, long count) {
        return "{\"batch\": " + batch + ", \"count\": " + count + "}";
    }

    /** Of one device; each second's count of all that came until then. */
    private static final class Device {
        private final Deque<Long> seconds = new ArrayDeque<>();
        private long count;
        private long published;

        private Device() {
            seconds.add(0L);
        }
    }

    @Override
    public synchronized void messageArrived(String topic, MqttMessage message) {
        devices.computeIfAbsent(topic.split("/", -1)[1], name -> new Device()).count++;
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
        // The loop ends.
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
        exception.printStackTrace();
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
        // The broker has a result.
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
        // Waited for.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
        // Not used.
    }
}
