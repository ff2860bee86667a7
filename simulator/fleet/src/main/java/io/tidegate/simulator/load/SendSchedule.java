package io.tidegate.simulator.load;

import java.util.function.LongSupplier;

/** How fast messages leave. Pure; times are those of {@link System#nanoTime}. */
@FunctionalInterface
interface SendSchedule {

    /** How many messages may have left by now, counted from the first of the phase. */
    long allowed(long nowNanos);

    /** When the message of this number should have left, which is what its latency counts from. */
    default long dueNanos(long number, long nowNanos) {
        return nowNanos;
    }

    /**
     * At this rate, whatever becomes of the messages. A message that leaves late, as the broker or this process was busy,
     * counts from when it was due: or the pauses of a slow chain would not be in its latency (coordinated omission).
     *
     * @param first the number of the message that is due at the beginning
     */
    static SendSchedule rate(double perSecond, long beganNanos, long first) {
        return new SendSchedule() {
            @Override
            public long allowed(long nowNanos) {
                return first + (long) ((nowNanos - beganNanos) / 1e9 * perSecond);
            }

            @Override
            public long dueNanos(long number, long nowNanos) {
                return beganNanos + (long) ((number - first) / perSecond * 1e9);
            }
        };
    }

    /** As fast as the other side takes them, with at most so many under way to it. */
    static SendSchedule asTaken(long outstanding, LongSupplier taken) {
        return nowNanos -> taken.getAsLong() + outstanding;
    }
}
