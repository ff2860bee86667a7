package io.tidegate.spark;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Reads a retained range of a gateway's log, page by page, so that a range of any size needs the memory of one page. A
 * page that breaks off is asked for again. Each offset comes exactly once, ascending. One thread.
 */
public final class RangeReader implements Iterator<Slice> {

    /** A megabyte or two, of ordinary events. */
    private static final long PAGE_EVENTS = 10_000;

    private final GatewayClient gateway;
    private final Range range;
    private final Duration patience;
    private final Deque<Slice> page = new ArrayDeque<>();
    private long position;

    /**
     * Before the first event; nothing is asked for yet.
     *
     * @param patience how long an absent gateway is waited for, for each page
     */
    public RangeReader(GatewayClient gateway, Range range, Duration patience) {
        this.gateway = gateway;
        this.range = range;
        this.patience = patience;
        position = range.from();
    }

    /** What is read. */
    public Range range() {
        return range;
    }

    /** The offset behind the last slice that was given out. */
    public long position() {
        return page.isEmpty() ? position : page.getFirst().from();
    }

    @Override
    public boolean hasNext() {
        return !page.isEmpty() || position < range.next();
    }

    /**
     * The next slice.
     *
     * @throws TrimmedException when the gateway has forgotten what comes next
     * @throws AwayException when the gateway stayed away for longer than patience
     * @throws io.grpc.StatusRuntimeException when the gateway refuses
     */
    @Override
    public Slice next() {
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
        List<byte[]> chunks = gateway.read(range.keyGroup(), position, until, patience);
        Range wanted = new Range(range.keyGroup(), position, until);
        List<DoorRecord> slices = Slices.cut(List.of(wanted), chunks)
                .orElseThrow(() -> new IllegalStateException("chunks: a hole (expected: " + wanted + ")"));
        slices.forEach(slice -> page.add((Slice) slice));
        position = until;
    }
}
