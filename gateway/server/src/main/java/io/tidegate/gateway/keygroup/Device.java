package io.tidegate.gateway.keygroup;

import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.log.PresenceState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a key group knows of one device. Not thread-safe. */
final class Device {

    final String name;
    private final Map<String, Remembered> metrics = new HashMap<>(4);
    private @Nullable PresenceState state;
    private long lastSeenMs;

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

    /** What is remembered of a metric; null: the device has more metrics than are tracked. */
    @Nullable
    Remembered metric(String metric, int most) {
        Remembered remembered = metrics.get(metric);
        if (remembered == null && metrics.size() < most) {
            remembered = new Remembered();
            metrics.put(metric, remembered);
        }
        return remembered;
    }
}
