package io.tidegate.gateway.ingest.files;

import java.util.function.LongFunction;

/** One piece that no file has to be read for. */
final class SingleBatchReader implements BatchReader {

    private final LongFunction<LineBatch> piece;
    private boolean given;

    /** @param piece by the time of receipt */
    SingleBatchReader(LongFunction<LineBatch> piece) {
        this.piece = piece;
    }

    @Override
    public boolean more() {
        return !given;
    }

    @Override
    public LineBatch next(long stampMs) {
        given = true;
        return piece.apply(stampMs);
    }

    @Override
    public void close() {
        given = true;
    }
}
