package io.tidegate.mqtt;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Reads a busy socket only so often that a read finds more than one packet: a packet that comes alone wakes, one after the other,
 * every thread on its way to the log. A read waits until the interval has passed since the one before. Who reads rarely never
 * waits, and nor does who found as much as there was room for. One thread.
 */
final class PacedInputStream extends FilterInputStream {

    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final LongConsumer pauseUntil;
    private long readNanos;
    private boolean filled = true;

    PacedInputStream(InputStream in, Duration interval) {
        this(in, interval, System::nanoTime, PacedInputStream::pauseUntil);
    }

    /** @param pauseUntil returns at this time of {@code nanoTime}, or later; at once when it is over */
    PacedInputStream(InputStream in, Duration interval, LongSupplier nanoTime, LongConsumer pauseUntil) {
        super(in);
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
        this.pauseUntil = pauseUntil;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (!filled) {
            pauseUntil.accept(readNanos + intervalNanos);
        }
        int read = super.read(bytes, offset, length);
        filled = read == length;
        readNanos = nanoTime.getAsLong();
        return read;
    }

    private static void pauseUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }
}
