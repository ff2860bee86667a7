package io.tidegate.simulator.oracle;

import io.tidegate.simulator.fleet.Reading;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which readings repeat another one: all with a time of their own are known, and of those without the last {@value #MOST} of
 * a device and metric. Not thread-safe.
 */
final class DuplicateFilter {
    private static final int MOST = 128;

    private record Timed(String device, String metric, long seq, long timeMs) {}

    private final Set<Timed> timed = new HashSet<>();
    private final Map<String, Deque<String>> clampedOnes = new HashMap<>();

    /**
     * Whether this reading is none of those that are known; from now on it is.
     *
     * @param clamped without a time of its own a reading is known by what it says
     */
    boolean isNew(Reading reading, boolean clamped) {
        if (!clamped) {
            return timed.add(new Timed(reading.device(), reading.metric(), reading.seq(), reading.timeMs()));
        }
        String identity = reading.seq() + " says " + reading.value();
        Deque<String> last =
                clampedOnes.computeIfAbsent(reading.device() + " " + reading.metric(), key -> new ArrayDeque<>());
        if (last.contains(identity)) {
            return false;
        }
        last.addLast(identity);
        if (last.size() > MOST) {
            last.removeFirst();
        }
        return true;
    }
}
