package io.tidegate.simulator.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidegate.simulator.load.RawMqttConnection.Packet;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hears the totals and the slides of the minute, and tells them to the tracker. A thread of its own, until it is closed. */
final class ResultSubscriber implements AutoCloseable {
    /** Without the device. */
    static final String TOTALS = "tidegate/totals/load-totals";
    /** Without the device. */
    static final String MINUTE = "tidegate/windows/load-minute";

    private static final String TOTALS_TOPIC = TOTALS + "/";
    private static final String MINUTE_TOPIC = MINUTE + "/";
    private static final byte[] BATCH = "\"batch\":".getBytes(US_ASCII);
    private static final byte[] COUNT = "\"count\":".getBytes(US_ASCII);

    private final RawMqttConnection connection;
    private final String device;
    private final LatencyTracker tracker;
    private volatile @Nullable IOException lost;
    private volatile boolean closed;

    /** @param run the devices are {@code run-0}, {@code run-1}, …; results of others are not listened to */
    ResultSubscriber(URI broker, String run, LatencyTracker tracker) throws IOException {
        this.device = run + "-";
        this.tracker = tracker;
        this.connection = new RawMqttConnection(broker, "tidegate-" + run + "-results");
        connection.subscribe(List.of(TOTALS_TOPIC + "+", MINUTE_TOPIC + "+"));
        DaemonThread.start("results", this::read);
    }

    /** Fails when the connection is lost. */
    void check() throws IOException {
        IOException reason = lost;
        if (reason != null && !closed) {
            throw reason;
        }
    }

    private void read() {
        try {
            while (true) {
                Packet packet = connection.read();
                if (packet.type() == RawMqttConnection.PUBLISH) {
                    hear(packet, System.nanoTime());
                    if (packet.packetId() != 0) {
                        connection.acknowledge(packet.packetId());
                    }
                }
            }
        } catch (IOException e) {
            lost = e;
        } catch (IllegalArgumentException e) {
            lost = new IOException("a result can't be read: " + e.getMessage(), e);
        }
    }

    private void hear(Packet packet, long arrivedNanos) {
        String topic = packet.topic();
        boolean total = topic.startsWith(TOTALS_TOPIC);
        String name = topic.substring((total ? TOTALS_TOPIC : MINUTE_TOPIC).length());
        if (!name.startsWith(device) || packet.isRetained()) {
            return;
        }
        int index = Integer.parseInt(name.substring(device.length()));
        byte[] payload = packet.payload();
        long batch = number(payload, BATCH);
        if (total) {
            tracker.total(index, batch, number(payload, COUNT));
        } else {
            tracker.window(index, batch, arrivedNanos);
        }
    }

    /** The whole number behind this name; looked for in the bytes, as parsing the rest would cost more than all else here. */
    static long number(byte[] json, byte[] name) {
        int at = 0;
        int matched = 0;
        while (matched < name.length) {
            if (at == json.length) {
                throw new IllegalArgumentException(new String(name, US_ASCII) + " is not in a result");
            }
            matched = json[at] == name[matched] ? matched + 1 : json[at] == name[0] ? 1 : 0;
            at++;
        }
        while (at < json.length && json[at] == ' ') {
            at++;
        }
        if (at == json.length || json[at] < '0' || json[at] > '9') {
            throw new IllegalArgumentException(new String(name, US_ASCII) + " has no whole number in a result");
        }
        long number = 0;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
            number = 10 * number + json[at++] - '0';
        }
        return number;
    }

    @Override
    public void close() {
        closed = true;
        connection.close();
    }
}
