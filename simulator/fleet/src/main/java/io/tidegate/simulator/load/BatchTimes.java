package io.tidegate.simulator.load;

import io.tidegate.simulator.local.Endpoint;
import io.tidegate.simulator.local.PrometheusText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How long the processor's batches took and waited, from its {@code /metrics}, which count and add up: looked at more often
 * than batches end, each difference is one batch. One thread.
 */
final class BatchTimes {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Endpoint processor;
    private long polledNanos = System.nanoTime();
    private boolean measured;
    private Totals before = new Totals(0, 0, 0, 0);
    private final List<Double> each = new ArrayList<>();
    private double waited;
    private double longestWait;
    private long waiting;

    BatchTimes(Endpoint processor) {
        this.processor = processor;
    }

    /**
     * What there is to say.
     *
     * @param batches that ended in the measured time
     * @param waitingAtEnd that had not begun when the last message was sent
     */
    record Figures(
            long batches,
            double meanMs,
            double medianMs,
            double maxMs,
            double schedulingDelayMeanMs,
            double schedulingDelayMaxMs,
            long waitingAtEnd) {
        /** No batch has ended. */
        static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0);

        /**
         * Of batches that took so many seconds.
         *
         * @param waited how many seconds all of them waited
         */
        static Figures of(List<Double> each, double waited, double longestWait, long waiting) {
            if (each.isEmpty()) {
                return new Figures(0, 0, 0, 0, 0, 0, waiting);
            }
            double[] sorted =
                    each.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return new Figures(
                    sorted.length,
                    Arrays.stream(sorted).sum() / sorted.length * 1e3,
                    sorted[sorted.length / 2] * 1e3,
                    sorted[sorted.length - 1] * 1e3,
                    waited / sorted.length * 1e3,
                    longestWait * 1e3,
                    waiting);
        }
    }

    /** From now on batches count. */
    void measure() throws InterruptedException {
        measured = false;
        look();
        measured = true;
    }

    /** To be called more often than batches end; it looks twice a second. */
    void poll() throws InterruptedException {
        if (System.nanoTime() - polledNanos > EVERY_NANOS) {
            look();
        }
    }

    private void look() throws InterruptedException {
        polledNanos = System.nanoTime();
        Optional<String> page = processor.text("/metrics");
        if (page.isPresent()) {
            add(new PrometheusText(page.get()));
        }
    }

    void add(PrometheusText page) {
        Totals now = new Totals(
                (long) page.sum("tidegate_batch_seconds_count"),
                page.sum("tidegate_batch_seconds_sum"),
                (long) page.sum("tidegate_batch_scheduling_delay_seconds_count"),
                page.sum("tidegate_batch_scheduling_delay_seconds_sum"));
        waiting = (long) page.sum("tidegate_batches_waiting");
        long ended = now.count - before.count;
        if (measured && ended > 0) {
            double mean = (now.seconds - before.seconds) / ended;
            each.addAll(Collections.nCopies((int) ended, mean));
        }
        long begun = now.delays - before.delays;
        if (measured && begun > 0) {
            waited += now.delaySeconds - before.delaySeconds;
            longestWait = Math.max(longestWait, (now.delaySeconds - before.delaySeconds) / begun);
        }
        before = now;
    }

    /** Of the time since {@link #measure}. */
    Figures figures() {
        return Figures.of(each, waited, longestWait, waiting);
    }

    /** What has added up since the processor's start. */
    private record Totals(long count, double seconds, long delays, double delaySeconds) {}
}
