package io.tidegate.simulator.load;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A chain; a message is taken when its result has come. */
final class ChainTarget implements Target {
    /** Results come once a batch interval: what a second brings has to fit in several times. */
    private static final long MORE_OUTSTANDING = 10;

    private final Check system;
    private final ChainLoad load;
    private final int readingsAMessage;
    private final @Nullable BatchTimes batches;
    private BatchTimes.@Nullable Figures figures;

    /**
     * Takes nothing yet.
     *
     * @param batches null where nothing says how long they take
     */
    ChainTarget(Check system, ChainLoad load, int readingsAMessage, @Nullable BatchTimes batches) {
        this.system = system;
        this.load = load;
        this.readingsAMessage = readingsAMessage;
        this.batches = batches;
    }

    /** Whether the chain runs. */
    @FunctionalInterface
    interface Check {
        /** Fails when a program of it has ended. */
        void check() throws IOException;
    }

    @Override
    public long taken() throws IOException, InterruptedException {
        system.check();
        load.results().check();
        if (batches != null) {
            batches.poll();
        }
        return load.tracker().joined() / readingsAMessage;
    }

    @Override
    public long outstanding() {
        return MORE_OUTSTANDING * OUTSTANDING / readingsAMessage;
    }

    @Override
    public void measuring(long nowNanos) throws InterruptedException {
        if (batches != null) {
            batches.measure();
        }
        load.tracker().measureFrom(nowNanos);
    }

    @Override
    public void measured() {
        if (batches != null) {
            figures = batches.figures();
        }
    }

    /** Of the batches that ended in the measured time. */
    BatchTimes.@Nullable Figures figures() {
        return figures;
    }

    @Override
    public void sent(int device, long dueNanos) {
        load.tracker().sent(device, dueNanos);
    }
}
