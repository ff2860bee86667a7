package io.tidegate.spark.client.internal;

import io.tidegate.spark.event.EventChunk;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Reads a retained range of a gateway's log, page by page, so that a range of any size needs the memory of one page. A
 * page that breaks off is asked for again. Each offset comes exactly once, ascending. One thread.
 */
public final class RangeReader implements Iterator<EventChunk> {

    /** A megabyte or two, of ordinary events. */
    private static final long PAGE_EVENTS = 10_000;

    private final GatewayClient gateway;
    private final OffsetRange range;
    private final Duration patience;
    private final Deque<EventChunk> page = new ArrayDeque<>();
    private long position;

    /**
     * Before the first event; nothing is asked for yet.
     *
     * @param patience how long an absent gateway is waited for, for each page
     */
    public RangeReader(GatewayClient gateway, OffsetRange range, Duration patience) {
        this.gateway = gateway;
        this.range = range;
        this.patience = patience;
        position = range.from();
    }

    /** What is read. */
    public OffsetRange range() {
        return range;
    }

    /** The offset behind the last chunk that was given out. */
    public long position() {
        return page.isEmpty() ? position : page.getFirst().from();
    }

    @Override
    public boolean hasNext() {
        return !page.isEmpty() || position < range.next();
    }

    /**
     * The next chunk.
     *
     * @throws io.tidegate.spark.client.TrimmedException when the gateway has forgotten what comes next
     * @throws io.tidegate.spark.client.GatewayUnavailableException when the gateway stayed away for longer than patience
     * @throws io.grpc.StatusRuntimeException when the gateway refuses
     */
    @Override
    public EventChunk next() {
        if (!hasNext()) {
            throw new NoSuchElementException(range.toString());
        }
        if (page.isEmpty()) {
            fetch();
        }
        return page.removeFirst();
    }

    private void fetch() {
        long until = Math.min(range.next(), position + PAGE_EVENTS);
        page.addAll(gateway.read(new OffsetRange(range.keyGroup(), position, until), patience));
        position = until;
    }
}
