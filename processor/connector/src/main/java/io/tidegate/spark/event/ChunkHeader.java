package io.tidegate.spark.event;

import com.google.protobuf.CodedInputStream;
import io.tidegate.protocol.v1.Chunk;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What stands before a chunk's events: enough to know its offsets without decoding one. */
record ChunkHeader(int keyGroup, long first, int count) {

    private static final int KEY_GROUP = Chunk.KEY_GROUP_FIELD_NUMBER << 3;
    private static final int FIRST = Chunk.FIRST_OFFSET_FIELD_NUMBER << 3;
    private static final int COUNT = Chunk.COUNT_FIELD_NUMBER << 3;

    /** Reads up to the first event: the encoder writes fields in the order of their numbers, zero is left out. */
    static ChunkHeader of(byte[] chunk) {
        CodedInputStream in = CodedInputStream.newInstance(chunk);
        int keyGroup = 0;
        long first = 0;
        int count = 0;
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (tag) {
                    case KEY_GROUP -> keyGroup = in.readUInt32();
                    case FIRST -> first = in.readInt64();
                    case COUNT -> count = in.readUInt32();
                    default -> {
                        return new ChunkHeader(keyGroup, first, count);
                    }
                }
            }
            return new ChunkHeader(keyGroup, first, count);
        } catch (IOException e) {
            throw new UncheckedIOException("a chunk that can't be decoded", e);
        }
    }

    /** The offset behind the last event. */
    long next() {
        return first + count;
    }
}
