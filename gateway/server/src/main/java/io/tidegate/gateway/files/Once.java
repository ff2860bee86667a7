package io.tidegate.gateway.files;

import java.util.function.LongFunction;

/** One piece that no file has to be read for. */
final class Once implements Reading {

    private final LongFunction<Piece> piece;
    private boolean given;

    /** @param piece by the time of receipt */
    Once(LongFunction<Piece> piece) {
        this.piece = piece;
    }

    @Override
    public boolean more() {
        return !given;
    }

    @Override
    public Piece next(long stampMs) {
        given = true;
        return piece.apply(stampMs);
    }

    @Override
    public void close() {
        given = true;
    }
}
