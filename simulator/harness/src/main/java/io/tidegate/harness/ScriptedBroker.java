package io.tidegate.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A broker for tests that does what it is told, right or wrong: refuses, withholds, cuts, falls silent; and remembers what
 * clients said. It routes nothing. Settings count for packets that come after them. Thread-safe; all threads are daemons
 * and end with {@link #close}.
 */
public final class ScriptedBroker implements AutoCloseable {

    /** A CONNECT; a property that was not sent is -1. */
    public record Connect(
            String clientId,
            boolean cleanStart,
            int keepAlive,
            long sessionExpiry,
            long receiveMaximum,
            long maximumPacket,
            long topicAliasMaximum) {}

    /** A PUBLISH as sent: the topic is empty when an alias stands for it; {@code resolved} is what it stands for. */
    public record Published(
            int connection, String topic, String resolved, String payload, int qos, boolean retained, int packetId) {}

    /** A SUBSCRIBE of one filter. */
    public record Subscribed(String filter, int qos, int retainHandling) {}

    /** Small, so that the kernel does not read much in our place when we do not. */
    private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

    private final ServerSocket server;
    private final List<Connect> connects = new CopyOnWriteArrayList<>();
    private final List<Published> published = new CopyOnWriteArrayList<>();
    private final List<Subscribed> subscribed = new CopyOnWriteArrayList<>();
    private final List<Integer> acknowledged = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> goodbyes = new CopyOnWriteArrayList<>();
    private final List<Client> clients = new CopyOnWriteArrayList<>();
    private final AtomicInteger pings = new AtomicInteger();

    // The script.
    private final Connack connack = new Connack();
    private volatile int suback = 1;
    private volatile ToIntFunction<Published> puback = p -> 0;
    private volatile boolean silent;
    private volatile CountDownLatch reading = new CountDownLatch(0);
    private volatile boolean withholdConnack;
    private volatile boolean withholdPubacks;

    private ScriptedBroker(int port) {
        server = Unchecked.get(ServerSocket::new);
        Unchecked.run(() -> {
            server.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        });
        Background.start("scripted-broker", this::accept);
    }

    /** A broker on a free port, to which it can come back. */
    public static ScriptedBroker start() {
        return start(FreePort.next());
    }

    /** A broker on a port of choice, to come back after a {@link #close}. */
    public static ScriptedBroker start(int port) {
        return new ScriptedBroker(port);
    }

    public URI uri() {
        return URI.create("tcp://localhost:" + port());
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Answers CONNECT with a reason code; 0 is yes. */
    public void connack(int reasonCode) {
        connack.reasonCode = reasonCode;
    }

    public void withholdConnack() {
        withholdConnack = true;
    }

    public void sessionPresent(boolean present) {
        connack.sessionPresent = present;
    }

    public void receiveMaximum(int maximum) {
        connack.properties.put(WireFormat.RECEIVE_MAXIMUM, maximum);
    }

    public void topicAliasMaximum(int maximum) {
        connack.properties.put(WireFormat.TOPIC_ALIAS_MAXIMUM, maximum);
    }

    public void maximumPacket(int bytes) {
        connack.properties.put(WireFormat.MAXIMUM_PACKET, bytes);
    }

    /** Answers every filter with a reason code; 1 grants QoS 1. */
    public void suback(int reasonCode) {
        suback = reasonCode;
    }

    /** Answers a PUBLISH with a reason code; 0 is yes. */
    public void puback(ToIntFunction<Published> reasonCode) {
        puback = reasonCode;
    }

    public void withholdPubacks(boolean withhold) {
        withholdPubacks = withhold;
    }

    /** Reads, and answers nothing any more, pings neither: a link that is half open. */
    public void fallSilent() {
        silent = true;
    }

    /** Goes on to send, and reads at most one packet more of each connection that is there, until the answer is run. */
    public Runnable stopReading() {
        CountDownLatch again = new CountDownLatch(1);
        reading = again;
        return again::countDown;
    }

    public List<Connect> connects() {
        return connects;
    }

    public List<Published> published() {
        return published;
    }

    public List<String> payloads() {
        return published.stream().map(Published::payload).toList();
    }

    public List<Subscribed> subscribed() {
        return subscribed;
    }

    /** How many acknowledgements clients sent. */
    public int acknowledgements() {
        return acknowledged.size();
    }

    /** The packet ids that clients acknowledged. */
    public List<Integer> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** The connections, counted from 0, that ended with a DISCONNECT of the client. */
    public List<Integer> goodbyes() {
        return goodbyes;
    }

    /** How many pings clients sent. */
    public int pings() {
        return pings.get();
    }

    /** How many connections are open now. */
    public long open() {
        return clients.stream().filter(client -> !client.socket.isClosed()).count();
    }

    /** Sends a PUBLISH to the newest connection. */
    public void deliver(String topic, String payload, int qos, boolean retained, int packetId) {
        newest().send(WireFormat.publish(topic, payload, qos, retained, packetId));
    }

    /** Sends a PUBLISH at QoS 1 to the newest connection, with the DUP flag: it may have been delivered before. */
    public void deliverAgain(String topic, String payload, int packetId) {
        byte[] packet = WireFormat.publish(topic, payload, 1, false, packetId);
        packet[0] |= WireFormat.DUP;
        newest().send(packet);
    }

    /** Sends the newest connection the same message at QoS 1 many times, once for each packet id, in one piece. */
    public void deliver(String topic, String payload, int[] packetIds) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int id : packetIds) {
            all.writeBytes(WireFormat.publish(topic, payload, 1, false, id));
        }
        newest().send(all.toByteArray());
    }

    /** Sends the newest connection the header of a PUBLISH that announces so many more bytes, and none of them. */
    public void announce(int bytes) {
        newest().send(WireFormat.header(0x32, bytes));
    }

    /** Sends DISCONNECT to the newest connection, and ends it. */
    public void disconnect(int reasonCode) {
        newest().send(0xE0, out -> {
            out.writeByte(reasonCode);
            out.writeByte(0);
        });
        newest().close();
    }

    /** Ends all connections without a word. */
    public void cut() {
        clients.forEach(Client::close);
    }

    @Override
    public void close() {
        Unchecked.run(server::close);
        cut();
    }

    private Client newest() {
        return clients.get(clients.size() - 1);
    }

    private void accept() {
        try {
            while (true) {
                Client client = new Client(clients.size(), server.accept());
                clients.add(client);
                Background.start("scripted-broker-" + client.number, client::serve);
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private final class Client {
        private final int number;
        private final Socket socket;
        private final Map<Long, String> aliases = new HashMap<>();

        private Client(int number, Socket socket) throws IOException {
            this.number = number;
            this.socket = socket;
            socket.setTcpNoDelay(true);
        }

        private void serve() {
            try (socket) {
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
                while (!server.isClosed()) {
                    reading.await();
                    handle(WireFormat.read(in));
                }
            } catch (IOException | UncheckedIOException e) {
                // The client is gone.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void handle(WireFormat.Raw packet) {
            ByteBuffer body = packet.body();
            switch (packet.type()) {
                case 1 -> onConnect(body);
                case 3 -> onPublish(packet.first(), body);
                case 4 -> acknowledged.add(WireFormat.shortOf(body));
                case 8 -> onSubscribe(body);
                case 12 -> {
                    pings.incrementAndGet();
                    answer(0xD0, out -> {});
                }
                case 14 -> goodbyes.add(number);
                default -> throw new UncheckedIOException(new IOException("packet type " + packet.type()));
            }
        }

        private void onConnect(ByteBuffer body) {
            WireFormat.text(body);
            body.get();
            int flags = body.get();
            int keepAlive = WireFormat.shortOf(body);
            Map<Integer, Long> properties = WireFormat.properties(body);
            connects.add(new Connect(
                    WireFormat.text(body),
                    (flags & 2) != 0,
                    keepAlive,
                    properties.getOrDefault(WireFormat.SESSION_EXPIRY, -1L),
                    properties.getOrDefault(WireFormat.RECEIVE_MAXIMUM, -1L),
                    properties.getOrDefault(WireFormat.MAXIMUM_PACKET, -1L),
                    properties.getOrDefault(WireFormat.TOPIC_ALIAS_MAXIMUM, -1L)));
            if (withholdConnack) {
                return;
            }
            answer(0x20, connack);
            if (connack.isRefusal()) {
                close();
            }
        }

        private void onSubscribe(ByteBuffer body) {
            int id = WireFormat.shortOf(body);
            WireFormat.properties(body);
            int filters = 0;
            while (body.hasRemaining()) {
                String filter = WireFormat.text(body);
                int options = body.get();
                subscribed.add(new Subscribed(filter, options & 3, options >> 4));
                filters++;
            }
            int codes = filters;
            answer(0x90, out -> {
                out.writeShort(id);
                out.writeByte(0);
                for (int i = 0; i < codes; i++) {
                    out.writeByte(suback);
                }
            });
        }

        private void onPublish(int first, ByteBuffer body) {
            int qos = first >> 1 & 3;
            String topic = WireFormat.text(body);
            int id = qos == 0 ? 0 : WireFormat.shortOf(body);
            @Nullable Long alias = WireFormat.properties(body).get(WireFormat.TOPIC_ALIAS);
            String resolved = topic.isEmpty() ? aliases.get(alias) : topic;
            if (resolved == null) {
                answer(0xE0, out -> out.writeShort(0x9400));
                close();
                return;
            }
            if (alias != null) {
                aliases.put(alias, resolved);
            }
            String payload = new String(WireFormat.rest(body), UTF_8);
            Published publish = new Published(number, topic, resolved, payload, qos, (first & 1) != 0, id);
            published.add(publish);
            int code = puback.applyAsInt(publish);
            if (qos > 0 && !withholdPubacks) {
                answer(0x40, out -> {
                    out.writeShort(id);
                    out.writeByte(code);
                    out.writeByte(0);
                });
            }
        }

        private void answer(int first, WireFormat.Body body) {
            if (!silent) {
                send(first, body);
            }
        }

        private void send(int first, WireFormat.Body body) {
            send(WireFormat.packet(first, body));
        }

        private synchronized void send(byte[] bytes) {
            Unchecked.run(() -> socket.getOutputStream().write(bytes));
        }

        private void close() {
            Unchecked.run(socket::close);
        }
    }
}
