package io.tidegate.simulator.answers;

import io.tidegate.simulator.oracle.Reading;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Which readings repeat another one: the last {@value #MOST} of a device and metric are known. Not thread-safe. */
final class Remembered {
    private static final int MOST = 128;

    private final Map<String, Deque<String>> known = new HashMap<>();

    /**
     * Whether this reading is none of those that are known; from now on it is.
     *
     * @param clamped without a time of its own a reading is known by what it says
     */
    boolean isNew(Reading reading, boolean clamped) {
        String identity = reading.seq() + " " + (clamped ? "says " + reading.value() : "at " + reading.timeMs());
        Deque<String> last =
                known.computeIfAbsent(reading.device() + " " + reading.metric(), key -> new ArrayDeque<>());
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
