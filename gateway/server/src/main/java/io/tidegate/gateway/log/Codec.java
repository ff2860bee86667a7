package io.tidegate.gateway.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** How keys and values look on disk: big-endian, so that keys sort as numbers do. Format version {@value #VERSION}. */
final class Codec {

    /**
     * Raised when a gateway that doesn't know the change would misread the folder. 1: the end of a key group is behind
     * its newest chunk, which is never trimmed. 2: the end is kept beside the chunks, and commits are numbered.
     */
    static final int VERSION = 2;

    private Codec() {}

    static byte[] longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * values.length);
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.array();
    }

    static long longAt(byte[] bytes, int index) {
        return ByteBuffer.wrap(bytes).getLong(Long.BYTES * index);
    }

    static byte[] text(String value) {
        return value.getBytes(UTF_8);
    }

    static String text(byte[] value) {
        return new String(value, UTF_8);
    }

    /** Key group, then first offset: a key group's chunks stand together, in order. */
    static byte[] chunkKey(int keyGroup, long firstOffset) {
        return ByteBuffer.allocate(Short.BYTES + Long.BYTES)
                .putShort((short) keyGroup)
                .putLong(firstOffset)
                .array();
    }

    static byte[] tally(Tally tally) {
        return longs(
                tally.received(),
                tally.logged(),
                tally.duplicate(),
                tally.deadLettered(),
                tally.refused(),
                tally.presence(),
                tally.retainedIgnored());
    }

    static Tally tally(byte[] bytes) {
        return new Tally(
                longAt(bytes, 0),
                longAt(bytes, 1),
                longAt(bytes, 2),
                longAt(bytes, 3),
                longAt(bytes, 4),
                longAt(bytes, 5),
                longAt(bytes, 6));
    }

    static byte[] presence(Presence presence) {
        return written(out -> {
            writeText(out, presence.state().name());
            out.writeLong(presence.sinceMs());
            writeText(out, presence.reason());
        });
    }

    static Presence presence(byte[] device, byte[] value) {
        return read(value, in -> {
            PresenceState state = PresenceState.valueOf(readText(in));
            return new Presence(text(device), state, in.readLong(), readText(in));
        });
    }

    static byte[] deadLetter(DeadLetter letter) {
        return written(out -> {
            out.writeLong(letter.timeMs());
            out.writeInt(letter.rawLength());
            writeText(out, letter.source());
            writeText(out, letter.origin());
            writeText(out, letter.reason());
            writeText(out, letter.detail());
            writeText(out, letter.decoder());
            writeBytes(out, letter.raw());
        });
    }

    static DeadLetter deadLetter(byte[] value) {
        return read(value, in -> {
            long timeMs = in.readLong();
            int rawLength = in.readInt();
            String source = readText(in);
            String origin = readText(in);
            String reason = readText(in);
            String detail = readText(in);
            return new DeadLetter(timeMs, source, origin, reason, detail, readText(in), readBytes(in), rawLength);
        });
    }

    static byte[] cursors(GroupCursors group) {
        return written(out -> {
            writeText(out, group.run());
            out.writeLong(group.epoch());
            writeLongs(out, group.delivered());
            writeLongs(out, group.committed());
        });
    }

    static GroupCursors cursors(byte[] name, byte[] value) {
        return read(value, in -> {
            String run = readText(in);
            long epoch = in.readLong();
            return new GroupCursors(text(name), run, epoch, readLongs(in), readLongs(in));
        });
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        writeBytes(out, text(text));
    }

    private static String readText(DataInputStream in) throws IOException {
        return text(readBytes(in));
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    private static void writeLongs(DataOutputStream out, List<Long> values) throws IOException {
        out.writeInt(values.size());
        for (long value : values) {
            out.writeLong(value);
        }
    }

    private static List<Long> readLongs(DataInputStream in) throws IOException {
        int size = in.readInt();
        List<Long> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(in.readLong());
        }
        return values;
    }

    private static byte[] written(Body<DataOutputStream> body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            body.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("memory refuses nothing", e);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] value, Reader<T> reader) {
        try {
            return reader.read(new DataInputStream(new ByteArrayInputStream(value)));
        } catch (IOException e) {
            throw new UncheckedIOException("a record of the event log ends early: " + value.length + " bytes", e);
        }
    }

    private interface Body<O> {
        void write(O out) throws IOException;
    }

    private interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }
}
