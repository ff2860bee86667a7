package io.tidegate.gateway.flume;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.MessageToByteEncoder;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request or an answer as Avro's RPC sends it over TCP: its number, how many buffers it has, then each with its length;
 * all of them 32 bits, big-endian.
 *
 * @param serial of the request, repeated by its answer
 */
record Frame(int serial, List<ByteBuffer> buffers) {

    private static final int LENGTH = 4;
    private static final int HEADER = 2 * LENGTH;

    /** Reads frames; one connection's. What is larger than allowed is not read: the connection fails. */
    static final class Decoder extends ByteToMessageDecoder {

        private final long most;
        private int serial;
        private int count;
        private long bytes;
        private @Nullable List<ByteBuffer> buffers;

        /** @param most bytes of a frame */
        Decoder(int most) {
            this.most = most;
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            List<ByteBuffer> read = buffers;
            if (read == null) {
                read = header(in);
            } else {
                buffer(in, read);
            }
            if (read != null && read.size() == count) {
                out.add(new Frame(serial, read));
                buffers = null;
            }
        }

        private @Nullable List<ByteBuffer> header(ByteBuf in) {
            if (in.readableBytes() >= HEADER) {
                serial = in.readInt();
                count = in.readInt();
                bytes = claimed(HEADER, (long) count * LENGTH);
                buffers = new ArrayList<>();
            }
            return buffers;
        }

        private void buffer(ByteBuf in, List<ByteBuffer> read) {
            if (in.readableBytes() < LENGTH) {
                return;
            }
            int length = in.getInt(in.readerIndex());
            long claimed = claimed(bytes, length);
            if (in.readableBytes() >= LENGTH + length) {
                ByteBuffer buffer = ByteBuffer.allocate(length);
                in.skipBytes(LENGTH).readBytes(buffer);
                read.add(buffer.flip());
                bytes = claimed;
            }
        }

        private long claimed(long before, long more) {
            if (more < 0 || before + more > most) {
                throw new TooLongFrameException(
                        "a batch of at least " + (before + more) + " bytes (expected: 0 to " + most + ", max-request)");
            }
            return before + more;
        }
    }

    /** Writes frames. */
    static final class Encoder extends MessageToByteEncoder<Frame> {

        Encoder() {
            super(Frame.class);
        }

        @Override
        protected void encode(ChannelHandlerContext context, Frame frame, ByteBuf out) {
            out.writeInt(frame.serial).writeInt(frame.buffers.size());
            for (ByteBuffer buffer : frame.buffers) {
                out.writeInt(buffer.remaining()).writeBytes(buffer.duplicate());
            }
        }
    }
}
