package io.tidegate.protocol;

import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The message encoding {@value #NAME}: a message as it is and, behind it, its CRC-32C as 4 bytes, big-endian. TCP's own
 * checksum is weak and ends at every box in between; with this one a message that was damaged on its way ends its call
 * instead of being counted. Who does not ask for it gets messages without it.
 *
 * <p>Thread-safe; the streams are not.
 */
public final class ChecksumCodec implements Codec {

    /** What {@code grpc-encoding} and {@code grpc-accept-encoding} call it. */
    public static final String NAME = "crc32c";

    private static final ChecksumCodec CODEC = new ChecksumCodec();

    private ChecksumCodec() {}

    /** What gRPC knows by itself, and this. */
    public static CompressorRegistry compressors() {
        CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
        registry.register(Identity.NONE);
        registry.register(new Gzip());
        registry.register(CODEC);
        return registry;
    }

    /** What gRPC knows by itself, and this; the other side is told so. */
    public static DecompressorRegistry decompressors() {
        return DecompressorRegistry.getDefaultInstance().with(CODEC, true);
    }

    @Override
    public String getMessageEncoding() {
        return NAME;
    }

    @Override
    public OutputStream compress(OutputStream out) {
        return new Summing(out);
    }

    /**
     * The message, once it is known to be what was sent.
     *
     * @throws io.grpc.StatusRuntimeException when it is not
     */
    @Override
    public InputStream decompress(InputStream in) throws IOException {
        byte[] bytes = in.readAllBytes();
        int length = bytes.length - Integer.BYTES;
        if (length < 0 || sum(bytes, length) != ByteBuffer.wrap(bytes).getInt(length)) {
            throw Status.UNAVAILABLE
                    .withDescription("a message of " + bytes.length + " bytes was damaged on its way (expected: its "
                            + NAME + " behind it)")
                    .asRuntimeException();
        }
        return new ByteArrayInputStream(bytes, 0, length);
    }

    private static int sum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }

    private static final class Summing extends FilterOutputStream {
        private final CRC32C sum = new CRC32C();
        private boolean closed;

        Summing(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            sum.update(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            sum.update(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                out.write(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) sum.getValue())
                        .array());
                out.close();
            }
        }
    }
}
