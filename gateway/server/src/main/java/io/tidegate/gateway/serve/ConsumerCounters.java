package io.tidegate.gateway.serve;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What receiver sessions count, since this process started; one for all. Thread-safe. */
public final class ConsumerCounters {

    private final LongAdder sessions = new LongAdder();
    private final LongAdder frames = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final Map<String, String> connected = new ConcurrentHashMap<>();

    /** Sessions that were opened. */
    public long sessions() {
        return sessions.sum();
    }

    /** Frames that were sent. */
    public long frames() {
        return frames.sum();
    }

    /** Events in them; what was delivered again counts again. */
    public long events() {
        return events.sum();
    }

    /** Bytes of the chunks in them. */
    public long bytes() {
        return bytes.sum();
    }

    /** The receivers that are connected: what they call themselves, by group. */
    public Map<String, String> connected() {
        return new TreeMap<>(connected);
    }

    void opened(String group, String client) {
        sessions.increment();
        connected.put(group, client);
    }

    void closed(String group) {
        connected.remove(group);
    }

    void sent(long eventCount, long byteCount) {
        frames.increment();
        events.add(eventCount);
        bytes.add(byteCount);
    }
}
