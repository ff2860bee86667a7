package io.tidegate.gateway.ingest.files;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A reading that is made when its first piece is asked for, and let go when it is closed: of all files that a look found, only
 * the one that is being read holds buffers.
 */
final class LazyReader implements BatchReader {

    private final Supplier<BatchReader> open;
    private @Nullable BatchReader reading;
    private boolean closed;

    /** @param open makes it; its first piece may come */
    LazyReader(Supplier<BatchReader> open) {
        this.open = open;
    }

    @Override
    public boolean more() {
        return !closed && (reading == null || reading.more());
    }

    @Override
    public LineBatch next(long stampMs) {
        if (reading == null) {
            reading = open.get();
        }
        return reading.next(stampMs);
    }

    @Override
    public void close() {
        closed = true;
        if (reading != null) {
            reading.close();
            reading = null;
        }
    }
}
