package io.tidegate.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Just enough of the wire format of MQTT 5 for both ends; written from the standard, not from a client. */
final class WireFormat {

    static final int SESSION_EXPIRY = 0x11;
    static final int RECEIVE_MAXIMUM = 0x21;
    static final int TOPIC_ALIAS_MAXIMUM = 0x22;
    static final int TOPIC_ALIAS = 0x23;
    static final int MAXIMUM_PACKET = 0x27;
    private static final int WILL_DELAY = 0x18;
    /** A flag of a PUBLISH header. */
    static final int DUP = 0x08;

    private WireFormat() {}

    /** A packet as it came: the first byte and all after the length. */
    record Raw(int first, ByteBuffer body) {
        int type() {
            return first >> 4;
        }
    }

    /** Something to write into the body of a packet. */
    interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    static Raw read(DataInputStream in) throws IOException {
        int first = in.readUnsignedByte();
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            int digit = in.readUnsignedByte();
            length |= (digit & 0x7F) << shift;
            if (digit < 0x80) {
                break;
            }
        }
        byte[] body = new byte[length];
        in.readFully(body);
        return new Raw(first, ByteBuffer.wrap(body));
    }

    static byte[] packet(int first, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            body.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.writeBytes(header(first, bytes.size()));
        packet.writeBytes(bytes.toByteArray());
        return packet.toByteArray();
    }

    /** A PUBLISH without properties. */
    static byte[] publish(String topic, String payload, int qos, boolean retained, int packetId) {
        return packet(0x30 | qos << 1 | (retained ? 1 : 0), out -> {
            out.writeUTF(topic);
            if (qos > 0) {
                out.writeShort(packetId);
            }
            out.writeByte(0);
            out.write(payload.getBytes(UTF_8));
        });
    }

    /** The first byte and the length of what follows. */
    static byte[] header(int first, int remaining) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.write(first);
        int length = remaining;
        do {
            header.write(length >= 0x80 ? (length & 0x7F) | 0x80 : length);
            length >>= 7;
        } while (length > 0);
        return header.toByteArray();
    }

    static String text(ByteBuffer body) {
        byte[] bytes = new byte[body.getShort() & 0xFFFF];
        body.get(bytes);
        return new String(bytes, UTF_8);
    }

    static byte[] rest(ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        return bytes;
    }

    static int shortOf(ByteBuffer body) {
        return body.getShort() & 0xFFFF;
    }

    /** Numeric properties by their identifier; all others are skipped. */
    static Map<Integer, Long> properties(ByteBuffer body) {
        int length = varInt(body);
        int end = length + body.position();
        Map<Integer, Long> properties = new HashMap<>();
        while (body.position() < end) {
            int id = body.get();
            switch (id) {
                case 0x02, SESSION_EXPIRY, WILL_DELAY, MAXIMUM_PACKET ->
                    properties.put(id, body.getInt() & 0xFFFF_FFFFL);
                case 0x13, RECEIVE_MAXIMUM, TOPIC_ALIAS_MAXIMUM, TOPIC_ALIAS ->
                    properties.put(id, (long) shortOf(body));
                case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A -> properties.put(id, (long) body.get());
                case 0x0B -> properties.put(id, (long) varInt(body));
                case 0x26 -> {
                    text(body);
                    text(body);
                }
                default -> text(body);
            }
        }
        return properties;
    }

    private static int varInt(ByteBuffer body) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int digit = body.get();
            value |= (digit & 0x7F) << shift;
            if (digit >= 0) {
                return value;
            }
        }
    }
}
