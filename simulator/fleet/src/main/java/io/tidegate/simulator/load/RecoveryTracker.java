package io.tidegate.simulator.load;

import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How long after a kill results come again, and how long it takes until they come as soon as before. Times are those of
 * {@link System#nanoTime}. Thread-safe.
 */
final class RecoveryTracker {
    private final long killedNanos;
    private final long normalNanos;
    private final TreeMap<Long, Results> batches = new TreeMap<>();
    private OptionalLong firstResult = OptionalLong.empty();

    /**
     * Nothing has come yet.
     *
     * @param killedNanos when the program was killed
     * @param normalNanos the latency that no reading of a batch is above when everything is as before
     */
    RecoveryTracker(long killedNanos, long normalNanos) {
        this.killedNanos = killedNanos;
        this.normalNanos = normalNanos;
    }

    /** A device's result of a batch has arrived; its new readings were due to leave between these two times. */
    synchronized void result(long batch, long oldestDueNanos, long newestDueNanos, long arrivedNanos) {
        boolean after = newestDueNanos - killedNanos >= 0;
        long arrived = arrivedNanos - killedNanos;
        if (after && firstResult.isEmpty()) {
            firstResult = OptionalLong.of(arrived);
        }
        batches.merge(batch, new Results(after, arrived, arrivedNanos - oldestDueNanos), Results::and);
    }

    /** From the kill to the first result with a reading that was due after it. */
    synchronized OptionalLong firstResultNanos() {
        return firstResult;
    }

    /**
     * From the kill to the last result of the first batch that has readings that were due after it, and none whose result took
     * longer than is normal. A batch is known to be complete when there is a result of a later one.
     */
    synchronized OptionalLong caughtUpNanos() {
        if (batches.isEmpty()) {
            return OptionalLong.empty();
        }
        return batches.headMap(batches.lastKey()).values().stream()
                .filter(results -> results.after && results.longestNanos <= normalNanos)
                .mapToLong(Results::arrivedNanos)
                .findFirst();
    }

    /**
     * Of one batch.
     *
     * @param after whether a reading was due after the kill
     * @param arrivedNanos of the last one, from the kill
     * @param longestNanos the latency of the reading that waited longest
     */
    private record Results(boolean after, long arrivedNanos, long longestNanos) {
        Results and(Results other) {
            return new Results(
                    after || other.after,
                    Math.max(arrivedNanos, other.arrivedNanos),
                    Math.max(longestNanos, other.longestNanos));
        }
    }
}
