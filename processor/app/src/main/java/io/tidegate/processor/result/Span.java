package io.tidegate.processor.result;

import java.io.IOException;
import java.io.Serializable;

/**
 * The time that a window covers, by batch time: its batches are later than {@code startMs} and not later than
 * {@code endMs}.
 *
 * @param partial whether processing began after {@code startMs}
 */
public record Span(long startMs, long endMs, boolean partial) implements Serializable {

    /**
     * The span of the window that ends with a batch.
     *
     * @param startedMs the time before the first batch of all: the zero time of the stream
     */
    public static Span endingAt(long endMs, long windowMs, long startedMs) {
        return new Span(endMs - windowMs, endMs, endMs - windowMs < startedMs);
    }

    void write(Body body) throws IOException {
        body.time("start", startMs);
        body.time("end", endMs);
        body.truth("partial", partial);
    }
}
