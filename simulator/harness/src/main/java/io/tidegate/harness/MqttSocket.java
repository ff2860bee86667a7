package io.tidegate.harness;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/**
 * The client's end of an MQTT 5 connection, without any logic: its user reads packets and answers them. One thread
 * may read while another writes. Every broken connection is an {@link IOException}.
 */
final class MqttSocket implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MS = 3_000;
    private static final int KEEP_ALIVE_S = 30;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private final int receiveMaximum;

    /** Connects and waits for a CONNACK that says yes. */
    MqttSocket(int port, String clientId, boolean cleanStart) throws IOException {
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(CONNECT_TIMEOUT_MS);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new BufferedOutputStream(socket.getOutputStream(), 64 << 10);
            write(0x10, body -> {
                body.writeUTF("MQTT");
                body.writeByte(5);
                body.writeByte(cleanStart ? 2 : 0);
                body.writeShort(KEEP_ALIVE_S);
                body.writeByte(5 + 3);
                body.writeByte(WireFormat.SESSION_EXPIRY);
                body.writeInt(3_600);
                body.writeByte(WireFormat.RECEIVE_MAXIMUM);
                body.writeShort(1_000);
                body.writeUTF(clientId);
            });
            flush();
            ByteBuffer connack = WireFormat.read(in).body();
            connack.get(); // whether there is a session
            int reason = connack.get() & 0xFF;
            if (reason != 0) {
                throw new IOException("CONNACK 0x" + Integer.toHexString(reason));
            }
            receiveMaximum = WireFormat.properties(connack)
                    .getOrDefault(WireFormat.RECEIVE_MAXIMUM, 65_535L)
                    .intValue();
            socket.setSoTimeout(0);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** How many messages the broker takes before it has acknowledged one. */
    int receiveMaximum() {
        return receiveMaximum;
    }

    /** Writes a PUBLISH with QoS 1, without a flush. */
    void publish(int packetId, String topic, String payload) throws IOException {
        write(WireFormat.publish(topic, payload, 1, false, packetId));
    }

    void subscribe(String filter) throws IOException {
        write(0x82, body -> {
            body.writeShort(1);
            body.writeByte(0);
            body.writeUTF(filter);
            body.writeByte(1);
        });
        flush();
    }

    void acknowledge(int packetId) throws IOException {
        write(0x40, body -> body.writeShort(packetId));
        flush();
    }

    void ping() throws IOException {
        write(0xC0, body -> {});
        flush();
    }

    private void write(int first, WireFormat.Body body) throws IOException {
        write(WireFormat.packet(first, body));
    }

    private void write(byte[] packet) throws IOException {
        synchronized (out) {
            out.write(packet);
        }
    }

    void flush() throws IOException {
        synchronized (out) {
            out.flush();
        }
    }

    /** Waits for the next packet. */
    WireFormat.Raw read() throws IOException {
        return WireFormat.read(in);
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    /** Ends the connection without a DISCONNECT. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
