package io.tidegate.harness;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.concurrent.CountDownLatch;

/** Threads that pause, and end when their owner is closed. */
final class Background {
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Runs on a daemon thread of its own. */
    static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits, unless it is closed meanwhile. @return whether it is */
    boolean pause(int ms) {
        try {
            return closed.await(ms, MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    void close() {
        closed.countDown();
    }
}
