package io.tidegate.simulator.load;

import java.io.IOException;

/** Gateway and processor; a message is taken when its result has come. */
final class ChainTarget implements Target {
    /** Results come once a batch interval: what a second brings has to fit in several times. */
    private static final long MORE_OUTSTANDING = 10;

    private final LoadSystem system;
    private final ResultSubscriber results;
    private final LatencyTracker tracker;
    private final BatchTimes batches;
    private final int readingsAMessage;
    private BatchTimes.Figures figures = new BatchTimes.Figures(0, 0, 0, 0, 0, 0, 0);

    ChainTarget(
            LoadSystem system,
            ResultSubscriber results,
            LatencyTracker tracker,
            BatchTimes batches,
            int readingsAMessage) {
        this.system = system;
        this.results = results;
        this.tracker = tracker;
        this.batches = batches;
        this.readingsAMessage = readingsAMessage;
    }

    @Override
    public long taken() throws IOException, InterruptedException {
        system.check();
        results.check();
        batches.poll();
        return tracker.joined() / readingsAMessage;
    }

    @Override
    public long outstanding() {
        return MORE_OUTSTANDING * OUTSTANDING / readingsAMessage;
    }

    @Override
    public void measuring(long nowNanos) throws InterruptedException {
        batches.measure();
        tracker.measureFrom(nowNanos);
    }

    @Override
    public void measured() {
        figures = batches.figures();
    }

    /** Of the batches that ended in the measured time. */
    BatchTimes.Figures figures() {
        return figures;
    }

    @Override
    public void sent(int device, long dueNanos) {
        tracker.sent(device, dueNanos);
    }
}
