package io.tidegate.gateway.log;

import com.google.protobuf.ByteString;
import java.util.List;

/** What a read of a range gives. */
public sealed interface ReadResult {

    /**
     * Consecutive chunks from the one that holds the first offset asked for; the first and the last may reach beyond the
     * range.
     *
     * @param chunks encoded {@code Chunk} messages; empty only when there was nothing to read
     * @param next the position behind the last event of the last chunk; what was asked for when there is none
     * @param watermarkMs the key group's watermark there; 0: none yet, or no chunk
     */
    record Slice(List<ByteString> chunks, long next, long watermarkMs) implements ReadResult {}

    /**
     * The range begins before what is retained: it is gone for good.
     *
     * @param oldest the offset of the oldest event that is still there
     */
    record Trimmed(long oldest) implements ReadResult {}
}
