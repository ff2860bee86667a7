package io.tidegate.simulator.load;

import io.tidegate.simulator.local.Deadline;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One phase: publishes, looks at two moments how far everybody is, and waits until everything has been taken. Used once, by
 * one thread, beside the one that publishes.
 */
final class Measurement {
    private static final long LOOK_MS = 50;
    private static final long NO_PROGRESS_S = 60;

    private final LoadShape shape;
    private final LoadPublisher publisher;
    private final Target target;
    private final Map<String, ProcessHandle> programs;
    private final ProgressBar progress;
    private final CountDownLatch stop;
    private volatile long taken;
    private volatile boolean over;

    /**
     * The phase ends with an {@link InterruptedException} when the latch falls.
     *
     * @param programs the processes whose CPU time counts, by name
     */
    Measurement(
            LoadShape shape,
            LoadPublisher publisher,
            Target target,
            Map<String, ProcessHandle> programs,
            ProgressBar progress,
            CountDownLatch stop) {
        this.shape = shape;
        this.publisher = publisher;
        this.target = target;
        this.programs = programs;
        this.progress = progress;
        this.stop = stop;
    }

    /**
     * What was seen.
     *
     * @param first when the measuring began
     * @param last when it ended
     * @param sent messages that left
     * @param acknowledged of these, by the broker
     * @param taken at the end; less than sent when nothing more came
     */
    record Measured(Sample first, Sample last, long sent, long acknowledged, long taken) {}

    /** What is done in the measured time, which ends when this returns. It waits for nothing but in this way. */
    interface Course {
        /** Runs it. */
        void run(Waiting waiting) throws IOException, InterruptedException;
    }

    /** Waits while messages leave. */
    interface Waiting {
        /** Returns when that holds. */
        void until(BooleanSupplier condition) throws IOException, InterruptedException;
    }

    /** Runs the phase; what is measured takes as long as the load's shape says. */
    Measured run() throws IOException, InterruptedException {
        return run(waiting -> waiting.until(Deadline.in(shape.length())::isOver));
    }

    /** Runs the phase; what is measured takes as long as this does. */
    Measured run(Course course) throws IOException, InterruptedException {
        long began = System.nanoTime();
        SendSchedule schedule = shape.rate().isPresent()
                ? SendSchedule.rate(shape.rate().getAsDouble(), began, publisher.sent())
                : SendSchedule.asTaken(target.outstanding(), () -> taken);
        FutureTask<Void> publishing = publishing(schedule, () -> over);
        try {
            await(publishing, began, Deadline.in(shape.warmUp())::isOver);
            target.measuring(System.nanoTime());
            Sample first = Sample.of(taken, programs);
            course.run(condition -> await(publishing, began, condition));
            Sample last = Sample.of(taken, programs);
            target.measured();
            over = true;
            awaitEnd(publishing);
            return new Measured(first, last, publisher.sent(), publisher.acknowledged(), taken);
        } finally {
            over = true;
            progress.done();
        }
    }

    /** Publishes at least so many messages, as fast as they are taken, and returns when all are; nothing is measured. */
    void fill(long messages) throws IOException, InterruptedException {
        long began = System.nanoTime();
        FutureTask<Void> publishing = publishing(
                SendSchedule.asTaken(target.outstanding(), () -> taken), () -> over || publisher.sent() >= messages);
        try {
            while (!publishing.isDone()) {
                look();
                progress.show((System.nanoTime() - began) / 1e9, publisher.sent(), taken);
            }
            awaitEnd(publishing);
        } finally {
            over = true;
            progress.done();
        }
    }

    private FutureTask<Void> publishing(SendSchedule schedule, BooleanSupplier end) {
        FutureTask<Void> publishing = new FutureTask<>(() -> {
            publisher.publish(schedule, target, end);
            return null;
        });
        DaemonThread.start("publisher", publishing);
        return publishing;
    }

    private void await(FutureTask<Void> publishing, long began, BooleanSupplier condition)
            throws IOException, InterruptedException {
        while (!condition.getAsBoolean()) {
            look();
            progress.show((System.nanoTime() - began) / 1e9, publisher.sent(), taken);
            if (publishing.isDone()) {
                outcome(publishing);
            }
        }
    }

    /** Waits until everything has been acknowledged and taken, or nothing comes any more. */
    private void awaitEnd(FutureTask<Void> publishing) throws IOException, InterruptedException {
        while (!publishing.isDone()) {
            look();
        }
        outcome(publishing);
        long before = taken;
        long since = System.nanoTime();
        while (taken < publisher.sent() && System.nanoTime() - since < TimeUnit.SECONDS.toNanos(NO_PROGRESS_S)) {
            look();
            if (taken != before) {
                before = taken;
                since = System.nanoTime();
            }
        }
    }

    private void look() throws IOException, InterruptedException {
        taken = target.taken();
        if (stop.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("stopped");
        }
    }

    private static void outcome(FutureTask<Void> publishing) throws IOException, InterruptedException {
        try {
            publishing.get();
        } catch (ExecutionException e) {
            throw new IOException("publishing failed: " + e.getCause(), e);
        }
    }
}
