package io.tidegate.simulator.load;

import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code simulator load} starts this program to compare the gateway with it: a plain Paho client that acknowledges each
 * message by hand as soon as it has it, and does nothing else with it. It prints the number of messages so far, one line
 * each {@value #PRINT_MS} ms, and ends when nobody reads that any more.
 */
@Command(name = "load-subscriber", hidden = true, description = "Counts messages, for simulator load.")
public final class SubscriberCommand implements Callable<Integer> {
    private static final int PRINT_MS = 20;

    @Option(names = "--broker", required = true)
    private URI broker = URI.create("");

    @Option(names = "--filter", required = true)
    private String filter = "";

    @Option(names = "--receive-maximum", required = true)
    private int receiveMaximum;

    private final CountDownLatch stop;
    private final AtomicLong received = new AtomicLong();
    private volatile @Nullable String lost;

    /** Receives until the latch falls. */
    public SubscriberCommand(CountDownLatch stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            MqttAsyncClient client =
                    new MqttAsyncClient(broker.toString(), "tidegate-load-subscriber", new MemoryPersistence());
            MqttConnectionOptions options = new MqttConnectionOptions();
            options.setAutomaticReconnect(false);
            options.setCleanStart(true);
            options.setSessionExpiryInterval(0L);
            options.setReceiveMaximum(receiveMaximum);
            client.setManualAcks(true);
            client.setCallback(new Counting(client));
            client.connect(options).waitForCompletion();
            client.subscribe(filter, 1).waitForCompletion();
            printCounts();
        } catch (MqttException e) {
            lost = e.toString();
        }
        if (lost != null) {
            System.err.println(lost);
        }
        return lost == null ? 0 : 1;
    }

    private void printCounts() throws InterruptedException {
        while (lost == null && !System.out.checkError()) {
            System.out.println(received.get());
            if (stop.await(PRINT_MS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    /** On Paho's thread. */
    private final class Counting implements MqttCallback {
        private final MqttAsyncClient client;

        private Counting(MqttAsyncClient client) {
            this.client = client;
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) throws MqttException {
            received.incrementAndGet();
            client.messageArrivedComplete(message.getId(), message.getQos());
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            lost = "connection lost: " + response;
        }

        @Override
        public void mqttErrorOccurred(MqttException exception) {
            lost = exception.toString();
        }

        @Override
        public void deliveryComplete(@Nullable IMqttToken token) {
            // Nothing is published.
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
}
