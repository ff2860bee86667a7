package io.tidegate.simulator.fleet;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the messages that the broker acknowledges, and logs the first one that it does not. Thread-safe. */
public final class Acknowledgements {
    private static final Logger LOG = LoggerFactory.getLogger(Acknowledgements.class);

    private final LongAdder acknowledged = new LongAdder();
    private final AtomicBoolean warned = new AtomicBoolean();

    /** Counts a message to a topic as soon as it is acknowledged. */
    public void expect(String topic, CompletableFuture<Void> published) {
        CompletableFuture<Void> unused = published.whenComplete((done, failure) -> {
            if (failure == null) {
                acknowledged.increment();
            } else if (!warned.getAndSet(true)) {
                LOG.warn("{} was not acknowledged: {} (further ones are only counted)", topic, failure.toString());
            }
        });
    }

    /** How many have been acknowledged by now. */
    public long count() {
        return acknowledged.sum();
    }
}
