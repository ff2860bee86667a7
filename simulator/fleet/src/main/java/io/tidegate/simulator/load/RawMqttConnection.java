package io.tidegate.simulator.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;

/**
 * The client's end of an MQTT 3.1.1 connection: packets as bytes, no thread, no memory of what is under way, no coming back.
 * A client with all that costs more to publish through than the gateway costs to receive, on the machine that both share.
 *
 * <p>One thread may read while one other writes. Every end of the connection is an {@link IOException}, also for who reads
 * when another thread closes it.
 */
final class RawMqttConnection implements AutoCloseable {
    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int SUBACK = 9;
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int BUFFER = 64 << 10;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;

    /**
     * Connects, with a session that ends with the connection.
     *
     * @param broker {@code tcp://host:port}
     */
    RawMqttConnection(URI broker, String clientId) throws IOException {
        try {
            socket.connect(new InetSocketAddress(broker.getHost(), broker.getPort()), CONNECT_TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
            out = socket.getOutputStream();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream body = new DataOutputStream(bytes);
            body.writeUTF("MQTT");
            body.writeByte(4); // 3.1.1
            body.writeByte(2); // clean session
            body.writeShort(0); // no keep-alive
            body.writeUTF(clientId);
            send(0x10, bytes.toByteArray());
            Packet answer = expect(CONNACK);
            if (answer.body[1] != 0) {
                throw new IOException(broker + " refused the connection: " + answer.body[1]);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Subscribes at QoS 1 and waits for the broker's yes; before anything else is read. */
    void subscribe(List<String> filters) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeShort(1);
        for (String filter : filters) {
            body.writeUTF(filter);
            body.writeByte(1);
        }
        send(0x82, bytes.toByteArray());
        Packet answer = expect(SUBACK);
        for (int i = 2; i < answer.body.length; i++) {
            if ((answer.body[i] & 0x80) != 0) {
                throw new IOException("refused: a subscription to " + filters.get(i - 2));
            }
        }
    }

    void write(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    /** Tells the broker that a delivery is safe. */
    void acknowledge(int packetId) throws IOException {
        out.write(new byte[] {0x40, 2, (byte) (packetId >>> 8), (byte) packetId});
    }

    /** Waits for the next packet. */
    Packet read() throws IOException {
        int first = in.readUnsignedByte();
        int length = 0;
        int shift = 0;
        int more;
        do {
            more = in.readUnsignedByte();
            length |= (more & 0x7F) << shift;
            shift += 7;
        } while ((more & 0x80) != 0);
        byte[] body = new byte[length];
        in.readFully(body);
        return new Packet(first >>> 4, first & 0xF, body);
    }

    /** Ends the connection. Idempotent, from any thread. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private Packet expect(int type) throws IOException {
        Packet answer = read();
        if (answer.type != type) {
            throw new IOException("the broker sent packet type " + answer.type + " (expected: " + type + ")");
        }
        return answer;
    }

    private void send(int first, byte[] body) throws IOException {
        if (body.length > 0x7F) {
            throw new IllegalArgumentException("too long for a length of one byte");
        }
        byte[] packet = new byte[2 + body.length];
        packet[0] = (byte) first;
        packet[1] = (byte) body.length;
        System.arraycopy(body, 0, packet, 2, body.length);
        out.write(packet);
    }

    /**
     * What came.
     *
     * @param type as {@link #PUBLISH}
     * @param flags the first byte's lower half
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares packets
    record Packet(int type, int flags, byte[] body) {

        boolean isRetained() {
            return (flags & 1) != 0;
        }

        /** Of a PUBLISH. */
        String topic() {
            return new String(body, 2, topicLength(), UTF_8);
        }

        /** Of a PUBLISH; 0 at QoS 0. */
        int packetId() {
            int id = 2 + topicLength();
            return (flags & 6) == 0 ? 0 : number(id);
        }

        /** Of a PUBLISH. */
        byte[] payload() {
            return Arrays.copyOfRange(body, 2 + topicLength() + ((flags & 6) == 0 ? 0 : 2), body.length);
        }

        private int topicLength() {
            return number(0);
        }

        private int number(int at) {
            return ((body[at] & 0xFF) << 8) | (body[at + 1] & 0xFF);
        }
    }
}
