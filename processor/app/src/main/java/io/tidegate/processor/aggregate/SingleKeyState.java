package io.tidegate.processor.aggregate;

import io.tidegate.processor.persistent.Encoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The state of one key as bytes, of which the first says in which form the others are. */
public final class SingleKeyState {

    private SingleKeyState() {}

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalStateException when it has another format
     */
    public static <S> S read(byte[] state, int format, Encoding.Reader<S> reader) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(state));
            int given = in.readUnsignedByte();
            if (given != format) {
                throw new IllegalStateException("the state of a key has format " + given + " (expected: " + format
                        + "). Way out: the version that wrote it, or --fresh");
            }
            return reader.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the state of a key can't be read", e);
        }
    }

    /** Writes a state. */
    public static <S> byte[] write(S state, int format, Encoding.Writer<S> writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            bytes.write(format);
            writer.write(state, new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("a state in memory can be written", e);
        }
        return bytes.toByteArray();
    }
}
