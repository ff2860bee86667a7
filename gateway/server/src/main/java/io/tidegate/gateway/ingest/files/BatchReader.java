package io.tidegate.gateway.ingest.files;

/** The reading of one file, piece by piece. Called by one thread at a time, which may wait for the disk. */
interface BatchReader extends AutoCloseable {

    /** Whether another piece may come. */
    boolean more();

    /** The next piece. Never throws because of the file: a file that can't be read is a value. */
    LineBatch next(long stampMs);

    /** Nothing more is read; idempotent. */
    @Override
    void close();
}
