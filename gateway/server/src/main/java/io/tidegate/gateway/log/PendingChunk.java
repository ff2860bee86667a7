package io.tidegate.gateway.log;

import com.google.protobuf.ByteString;

/**
 * Encoded events of one key group with their offsets, on their way to disk.
 *
 * @param keyGroup the key group
 * @param firstOffset the offset of the first event
 * @param count the number of events, at least 1
 * @param receivedMs the greatest time of receipt among them, for retention
 * @param watermarkMs the key group's watermark once these events count; 0: none yet
 * @param bytes an encoded {@code Chunk}, as it goes to disk and over the wire
 */
public record PendingChunk(
        int keyGroup, long firstOffset, int count, long receivedMs, long watermarkMs, ByteString bytes) {

    /** The position behind the last event. */
    public long next() {
        return firstOffset + count;
    }
}
