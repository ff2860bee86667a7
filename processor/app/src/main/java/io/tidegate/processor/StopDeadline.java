package io.tidegate.processor;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a stop may take, for everything together: draining the DStream queries and stopping those of Structured
 * Streaming. Nothing that Spark has left to do then can be cut short, so the process has to end, and a restart continues
 * as after any crash.
 */
final class StopDeadline {

    private static final Logger LOG = LoggerFactory.getLogger(StopDeadline.class);

    private StopDeadline() {}

    /**
     * Begins to count.
     *
     * @param missed called, on another thread, when the time is over and the process still runs
     */
    static void begin(Duration stopTimeout, Runnable missed) {
        Thread thread = new Thread(() -> giveUp(stopTimeout, missed), "stop-timer");
        thread.setDaemon(true);
        thread.start();
    }

    private static void giveUp(Duration stopTimeout, Runnable missed) {
        try {
            Thread.sleep(stopTimeout.toMillis());
            LOG.warn("draining takes longer than stop-timeout {}: it ends here; a restart continues", stopTimeout);
            missed.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
