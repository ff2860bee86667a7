package io.tidegate.mqtt;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The daemon threads that all connections share: a clock that only hands over, and workers that end when they are idle.
 * Paho's own threads inherit being daemons from the worker that connects.
 */
final class Threads {

    private static final AtomicInteger COUNT = new AtomicInteger();

    static final ScheduledThreadPoolExecutor CLOCK = clock();
    static final ExecutorService WORKERS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), named("tidegate-mqtt-worker-"));

    private Threads() {}

    /** Runs a task on a worker, after a pause. */
    static void later(Duration pause, Runnable task) {
        var unused = CLOCK.schedule(() -> WORKERS.execute(task), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, named("tidegate-mqtt-clock-"));
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    private static ThreadFactory named(String prefix) {
        return task -> {
            Thread thread = new Thread(task, prefix + COUNT.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
