package io.tidegate.simulator.load;

import java.io.IOException;

/** The bare subscriber. */
final class SubscriberTarget implements Target {
    private final SubscriberProcess subscriber;
    private final long before;

    /** Counts from now on. */
    SubscriberTarget(SubscriberProcess subscriber) {
        this.subscriber = subscriber;
        this.before = subscriber.received();
    }

    @Override
    public long taken() throws IOException {
        if (!subscriber.isAlive()) {
            throw new IOException("the subscriber has ended");
        }
        return subscriber.received() - before;
    }
}
