package io.tidegate.gateway.admission;

import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.log.PresenceState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a key group knows of one device. Not thread-safe. */
final class Device {

    /** What one takes of the heap without its name and metrics: itself, and its entries in the maps of {@link Devices}. */
    private static final int LEAST_BYTES = 400;

    final String name;
    private final Map<String, SeenReadings> metrics = new HashMap<>(4);
    private @Nullable PresenceState state;
    private long lastSeenMs;

    private boolean changed;
    private long changedFrom;
    private long changedAtBytes;
    private boolean written;

    Device(String name) {
        this.name = name;
    }

    long lastSeenMs() {
        return lastSeenMs;
    }

    boolean isOnline() {
        return state == PresenceState.ONLINE;
    }

    void seen(long receivedMs) {
        lastSeenMs = Math.max(lastSeenMs, receivedMs);
    }

    /** Returns whether that is news. */
    boolean becomes(PresenceState next) {
        boolean news = state != next;
        state = next;
        return news;
    }

    void restore(Presence presence) {
        state = presence.state();
        seen(presence.sinceMs());
    }

    /** Metrics that there is no memory for are left out. */
    void restore(DeviceSnapshot snapshot, MemoryBudget memory) {
        seen(snapshot.lastSeenMs());
        snapshot.metrics().forEach((metric, remembered) -> {
            if (memory.tryTake(bytes(metric, remembered))) {
                metrics.put(metric, remembered);
            }
        });
        written = true;
    }

    /** What is known of it now, which includes every event below an offset. */
    DeviceSnapshot snapshot(long through) {
        return new DeviceSnapshot(through, lastSeenMs, metrics);
    }

    /**
     * Notes an event that the written snapshot does not include.
     *
     * @param offset no more than the offset of the event
     * @param logBytes how many bytes of log lie before it
     * @return whether it is the first since the snapshot was written
     */
    boolean changes(long offset, long logBytes) {
        if (changed) {
            return false;
        }
        changed = true;
        changedFrom = offset;
        changedAtBytes = logBytes;
        return true;
    }

    /** Its snapshot is written, and includes everything so far. */
    void written() {
        changed = false;
        written = true;
    }

    /** Whether a snapshot of it was ever written. */
    boolean isWritten() {
        return written;
    }

    /** No event below this offset is missing in the written snapshot; only of a device that has changed since. */
    long changedFrom() {
        return changedFrom;
    }

    /** How many bytes of log lie before that offset. */
    long changedAtBytes() {
        return changedAtBytes;
    }

    /** What is remembered of a metric; null: the device has more metrics than are tracked, or there is no memory left. */
    @Nullable
    SeenReadings metric(String metric, int most, MemoryBudget memory) {
        SeenReadings remembered = metrics.get(metric);
        if (remembered == null && metrics.size() < most) {
            SeenReadings made = new SeenReadings();
            if (memory.tryTake(bytes(metric, made))) {
                metrics.put(metric, made);
                return made;
            }
        }
        return remembered;
    }

    /** What a new device of that name takes of the heap, about. */
    static long bytes(String name) {
        return LEAST_BYTES + (long) Character.BYTES * name.length();
    }

    /** What it takes of the heap, about. */
    long bytes() {
        long bytes = bytes(name);
        for (Map.Entry<String, SeenReadings> metric : metrics.entrySet()) {
            bytes += bytes(metric.getKey(), metric.getValue());
        }
        return bytes;
    }

    private static long bytes(String metric, SeenReadings remembered) {
        return (long) Character.BYTES * metric.length() + remembered.bytes();
    }
}
