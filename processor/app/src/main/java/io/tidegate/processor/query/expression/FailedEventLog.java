package io.tidegate.processor.query.expression;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of events that a query can't handle, once a minute for each query: a stream may be full of them. Thread-safe. */
public final class FailedEventLog {

    private static final Logger LOG = LoggerFactory.getLogger(FailedEventLog.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Map<String, Long> WARNED = new ConcurrentHashMap<>();

    private FailedEventLog() {}

    /** An event was filtered because evaluating it has thrown an error. */
    public static void report(String query, Throwable failure) {
        long now = System.nanoTime();
        Long before = WARNED.get(query);
        if (before == null || now - before > QUIET_NANOS) {
            WARNED.put(query, now);
            LOG.warn("query {}: an event can't be counted, and is filtered: {}", query, failure.toString());
        }
    }
}
