package io.tidegate.gateway.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;

/**
 * A chunk on disk: what one wants to know without decoding it, then its bytes as they go over the wire.
 *
 * <pre> receivedMs u64 | watermarkMs u64 | count u32 | encoded Chunk </pre>
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StoredChunk(int keyGroup, long first, byte[] value) {

    private static final int HEADER = 2 * Long.BYTES + Integer.BYTES;

    static StoredChunk of(byte[] key, byte[] value) {
        ByteBuffer parts = ByteBuffer.wrap(key);
        return new StoredChunk(parts.getShort() & 0xffff, parts.getLong(), value);
    }

    static byte[] encode(PendingChunk chunk) {
        ByteBuffer value = ByteBuffer.allocate(HEADER + chunk.bytes().size());
        value.putLong(chunk.receivedMs()).putLong(chunk.watermarkMs()).putInt(chunk.count());
        chunk.bytes().copyTo(value);
        return value.array();
    }

    long receivedMs() {
        return ByteBuffer.wrap(value).getLong(0);
    }

    long watermarkMs() {
        return ByteBuffer.wrap(value).getLong(Long.BYTES);
    }

    int count() {
        return ByteBuffer.wrap(value).getInt(2 * Long.BYTES);
    }

    /** The position behind the last event. */
    long next() {
        return first + count();
    }

    int size() {
        return value.length - HEADER;
    }

    ByteString bytes() {
        return UnsafeByteOperations.unsafeWrap(value, HEADER, size());
    }
}
