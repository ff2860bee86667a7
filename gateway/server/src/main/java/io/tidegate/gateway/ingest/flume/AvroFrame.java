package io.tidegate.gateway.ingest.flume;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
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
record AvroFrame(int serial, List<ByteBuffer> buffers) {

    private static final int LENGTH = 4;
    private static final int HEADER = 2 * LENGTH;

    /** What a request takes in memory until it is answered, beside its bytes: a multiple of them, for the objects made of it. */
    private static final int MEMORY_FACTOR = 4;

    /**
     * Reads frames; one connection's. What is larger than allowed, holds nothing, or finds no room is not read: the connection
     * fails.
     */
    static final class Decoder extends ByteToMessageDecoder {

        private final long most;
        private final RequestMemory memory;
        private int serial;
        private int count;
        private long bytes;
        // How many buffers have been reserved for.
        private int reserved;
        private @Nullable List<ByteBuffer> buffers;

        /** @param most bytes of a frame */
        Decoder(int most, RequestMemory memory) {
            this.most = most;
            this.memory = memory;
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
                out.add(new AvroFrame(serial, read));
                buffers = null;
            }
        }

        private @Nullable List<ByteBuffer> header(ByteBuf in) {
            if (in.readableBytes() >= HEADER) {
                serial = in.readInt();
                count = in.readInt();
                bytes = claimed(HEADER, (long) count * LENGTH);
                if (count == 0) {
                    throw new CorruptedFrameException("a request of no buffers (expected: at least one)");
                }
                if (!memory.begin()) {
                    throw new TooLongFrameException("too many requests that are not answered yet");
                }
                reserve((long) count * LENGTH);
                reserved = 0;
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
            if (reserved == read.size()) {
                reserve(length);
                reserved++;
            }
            if (in.readableBytes() >= LENGTH + length) {
                ByteBuffer buffer = ByteBuffer.allocate(length);
                in.skipBytes(LENGTH).readBytes(buffer);
                read.add(buffer.flip());
                bytes = claimed;
            }
        }

        private void reserve(long length) {
            if (!memory.grow(MEMORY_FACTOR * length)) {
                throw new TooLongFrameException("no room for it beside the other agents' batches (max-in-flight)");
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
    static final class Encoder extends MessageToByteEncoder<AvroFrame> {

        Encoder() {
            super(AvroFrame.class);
        }

        @Override
        protected void encode(ChannelHandlerContext context, AvroFrame frame, ByteBuf out) {
            out.writeInt(frame.serial).writeInt(frame.buffers.size());
            for (ByteBuffer buffer : frame.buffers) {
                out.writeInt(buffer.remaining()).writeBytes(buffer.duplicate());
            }
        }
    }
}
