package io.tidegate.harness;

import io.tidegate.junit.Seed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Devices behind one MQTT connection that send readings with QoS 1 and remember what the broker acknowledged. What was not
 * acknowledged when a connection ended is sent again over the next, in the old order, before anything new. Thread-safe.
 */
public final class RecordingPublisher implements AutoCloseable {

    /**
     * What a publisher sends.
     *
     * @param client the MQTT client id, and the beginning of every device's name
     * @param devices how many
     * @param rate readings per second, all devices together; the devices take turns at random
     * @param phase every device is silent for one such time out of three; zero: never
     */
    public record Plan(String client, int devices, int rate, Duration phase) {

        /** Devices that are never silent for long. */
        public Plan(String client, int devices, int rate) {
            this(client, devices, rate, Duration.ZERO);
        }

        /** This plan with devices that are silent now and then, for so long. */
        public Plan silent(Duration time) {
            return new Plan(client, devices, rate, time);
        }

        private boolean isSilent(int device, long nowMs) {
            return !phase.isZero() && (nowMs / phase.toMillis() + device) % 3 == 0;
        }
    }

    private static final int TICK_MS = 10;
    private static final int RECONNECT_MS = 200;
    private static final int RESEND = 500;

    private final int port;
    private final Plan plan;
    private final Random random;
    private final long[] seq;
    private final Deque<SentReading> waiting = new ArrayDeque<>();
    private final Map<Integer, SentReading> inFlight = new LinkedHashMap<>();
    private final List<SentReading> sent = new ArrayList<>();
    private final List<SentReading> acknowledged = new ArrayList<>();
    private final Background background = new Background();
    private int nextId = 1;
    private boolean making = true;
    private long lastTimeMs;
    private @Nullable MqttSocket connection;

    private RecordingPublisher(int port, Plan plan, Seed seed) {
        this.port = port;
        this.plan = plan;
        this.random = seed.random();
        this.seq = new long[plan.devices()];
        Background.start("publisher-" + plan.client(), this::run);
    }

    /** Begins to publish as soon as the broker is up. */
    public static RecordingPublisher start(int port, Plan plan, Seed seed) {
        return new RecordingPublisher(port, plan, seed);
    }

    /** Makes no more readings; what was made is still sent until it is acknowledged. */
    public synchronized void finish() {
        making = false;
    }

    /** Whether everything that was made is acknowledged. */
    public synchronized boolean isDrained() {
        return !making && waiting.isEmpty() && inFlight.isEmpty();
    }

    /** Every reading that was made, in order. */
    public synchronized List<SentReading> sent() {
        return List.copyOf(sent);
    }

    /** Every reading that the broker acknowledged with a reason code below 0x80. */
    public synchronized List<SentReading> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** Ends the connection and all threads. */
    @Override
    public void close() {
        background.close();
        MqttSocket open = connection();
        if (open != null) {
            open.close();
        }
    }

    private synchronized @Nullable MqttSocket connection() {
        return connection;
    }

    private void run() {
        long dueNanos = System.nanoTime();
        while (!background.pause(RECONNECT_MS)) {
            try (MqttSocket socket = new MqttSocket(port, plan.client(), true)) {
                begin(socket);
                Background.start("publisher-acks-" + plan.client(), () -> readAcks(socket));
                while (!socket.isClosed() && !background.pause(TICK_MS)) {
                    dueNanos = make(dueNanos);
                    send(socket);
                }
            } catch (IOException e) {
                // The broker is away: try again.
            }
        }
    }

    private synchronized void begin(MqttSocket socket) {
        connection = socket;
        List<SentReading> again = new ArrayList<>(inFlight.values());
        for (int i = again.size() - 1; i >= 0; i--) {
            waiting.addFirst(again.get(i));
        }
        inFlight.clear();
    }

    /** Makes what is due since then; while the broker is away nothing is made. @return since when, next time */
    private synchronized long make(long sinceNanos) {
        long now = System.nanoTime();
        long perReading = 1_000_000_000L / plan.rate();
        long since = Math.max(sinceNanos, now - 100_000_000L);
        if (!making || waiting.size() > plan.rate()) {
            return now;
        }
        for (; since + perReading <= now; since += perReading) {
            SentReading reading = reading();
            sent.add(reading);
            waiting.add(reading);
        }
        return since;
    }

    private SentReading reading() {
        lastTimeMs = Math.max(lastTimeMs, System.currentTimeMillis());
        int device = random.nextInt(plan.devices());
        while (plan.isSilent(device, lastTimeMs)) {
            device = random.nextInt(plan.devices());
        }
        String name = plan.client() + "-" + device;
        return new SentReading(name, "temperature", ++seq[device], lastTimeMs, random.nextInt(4_000) / 4.0);
    }

    private synchronized void send(MqttSocket socket) throws IOException {
        int window = Math.min(RESEND, socket.receiveMaximum());
        while (inFlight.size() < window && !waiting.isEmpty()) {
            SentReading reading = waiting.remove();
            while (inFlight.containsKey(nextId)) {
                nextId = nextId % 65_535 + 1;
            }
            inFlight.put(nextId, reading);
            socket.publish(nextId, reading.topic(), reading.payload());
            nextId = nextId % 65_535 + 1;
        }
        socket.flush();
    }

    private void readAcks(MqttSocket socket) {
        try (socket) {
            while (true) {
                WireFormat.Raw packet = socket.read();
                if (packet.type() == 4) {
                    int id = WireFormat.shortOf(packet.body());
                    int reason = packet.body().hasRemaining() ? packet.body().get() & 0xFF : 0;
                    acknowledged(id, reason < 0x80);
                }
            }
        } catch (IOException e) {
            // The connection ended; the publishing thread notices.
        }
    }

    private synchronized void acknowledged(int id, boolean taken) {
        SentReading reading = inFlight.remove(id);
        if (reading == null) {
            return;
        }
        if (taken) {
            acknowledged.add(reading);
        } else {
            waiting.addFirst(reading);
        }
    }
}
