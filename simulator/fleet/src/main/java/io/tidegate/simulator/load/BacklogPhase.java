package io.tidegate.simulator.load;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.tidegate.simulator.local.Ledgers;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The processor by itself: the gateway's log is filled first, with nobody reading it, then a processor starts and works it
 * off as fast as it can. The first half warms it up, the second is measured. Used once, by one thread.
 */
final class BacklogPhase {
    static final String QUERIES = "backlog.conf";

    private static final long LOOK_MS = 50;
    private static final long NO_PROGRESS_S = 60;

    private final LoadShape shape;
    private final LoadSystem system;
    private final LoadPublisher publisher;
    private final CountDownLatch stop;

    /** Ends with an {@link InterruptedException} when the latch falls. */
    BacklogPhase(LoadShape shape, LoadSystem system, LoadPublisher publisher, CountDownLatch stop) {
        this.shape = shape;
        this.system = system;
        this.publisher = publisher;
        this.stop = stop;
    }

    /**
     * What was seen; taken are readings.
     *
     * @param first when half was worked off
     * @param last when everything was
     * @param batches of that time
     */
    record Worked(Sample first, Sample last, BatchTimes.Figures batches) {}

    /** Fills the log; the gateway runs. */
    void fill(ProgressBar progress) throws IOException, InterruptedException {
        GatewayTarget target = new GatewayTarget(system, shape.readingsAMessage());
        long messages = (shape.backlog() + shape.readingsAMessage() - 1) / shape.readingsAMessage();
        new Measurement(shape, publisher, target, Map.of(), progress, stop).fill(messages);
    }

    /** Lets it be worked off; the processor runs and has not begun. */
    Worked workOff(Map<String, ProcessHandle> programs, ProgressBar progress) throws IOException, InterruptedException {
        BatchTimes batches = new BatchTimes(system.folder().processorPages());
        long all = publisher.sent() * shape.readingsAMessage();
        long began = System.nanoTime();
        try {
            Sample first = await(all / 2, programs, batches, progress, began);
            batches.measure();
            Sample last = await(all, programs, batches, progress, began);
            return new Worked(first, last, batches.figures());
        } finally {
            progress.done();
        }
    }

    private Sample await(
            long until, Map<String, ProcessHandle> programs, BatchTimes batches, ProgressBar progress, long began)
            throws IOException, InterruptedException {
        long taken = 0;
        long moved = System.nanoTime();
        while (taken < until && System.nanoTime() - moved < TimeUnit.SECONDS.toNanos(NO_PROGRESS_S)) {
            system.check();
            long before = taken;
            taken = Math.max(taken, workedOff());
            long now = System.nanoTime();
            moved = taken > before ? now : moved;
            batches.poll();
            progress.show((now - began) / 1e9, publisher.sent(), taken / shape.readingsAMessage());
            if (stop.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("stopped");
            }
        }
        return Sample.of(taken, programs);
    }

    /** Readings that every query has accounted for. */
    private long workedOff() throws InterruptedException {
        Ledgers ledgers = new Ledgers(
                system.folder().gatewayPages().json("/ledger"),
                system.folder().processorPages().json("/ledger"),
                MissingNode.getInstance());
        long backlog = ledgers.backlog();
        return backlog == Long.MAX_VALUE ? 0 : ledgers.logged() - backlog;
    }
}
