package io.tidegate.simulator.fleet;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Told of each message that the broker acknowledged: what must not be lost from then on. */
@FunctionalInterface
public interface AcknowledgementListener {
    /** Called on a transport thread, once for each message, also for repeated ones; must not block. */
    void acknowledged(Reading reading);

    /** Remembers nothing. */
    static AcknowledgementListener none() {
        return reading -> {};
    }

    /** Remembers everything, for tests. Thread-safe. */
    final class Recording implements AcknowledgementListener {
        private final ConcurrentLinkedQueue<Reading> readings = new ConcurrentLinkedQueue<>();

        @Override
        public void acknowledged(Reading reading) {
            readings.add(reading);
        }

        /** What was acknowledged so far, in the order of acknowledgement. */
        public List<Reading> readings() {
            return List.copyOf(readings);
        }
    }
}
