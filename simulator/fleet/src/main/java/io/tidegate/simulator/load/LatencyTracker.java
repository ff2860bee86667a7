package io.tidegate.simulator.load;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long after its sending a reading was in a result, exactly and for every reading, without any mark in it.
 *
 * <p>Order is kept on the whole way: what a device sent leaves on one connection, the gateway logs it in that order, and a
 * batch takes up where the one before ended. So the running total of a device, which each batch publishes in which the
 * device occurs, says up to which of its readings that batch came: the first batch whose total is n or more is the one with
 * the device's n-th reading. That batch publishes a slide of the window too, the first that contains it. The latency of
 * the reading is from when its message was due to leave until that slide has arrived here. The two results of a batch may
 * come in either order. If one was missing, its readings would count with those of the batch after it, later: an error
 * never makes the latency shorter.
 *
 * <p>Resolution: the moment at which the result was read from the socket; both times are of one clock in one process.
 * Thread-safe.
 */
final class LatencyTracker {
    private final DeviceReadings[] devices;
    private final int readingsAMessage;
    private final Histogram latencies;
    private final TreeMap<Long, Point> batches = new TreeMap<>();
    private long joined;
    private long counted;
    private long measuredFromNanos;
    private boolean measured;
    private @Nullable RecoveryTracker recovery;

    /** @param readingsAMessage how many readings each message has, at least 1 */
    LatencyTracker(int devices, int readingsAMessage, Histogram latencies) {
        this.devices = new DeviceReadings[devices];
        Arrays.setAll(this.devices, i -> new DeviceReadings());
        this.readingsAMessage = readingsAMessage;
        this.latencies = latencies;
    }

    /** From now on it counts: what was due before this is not in the latencies. */
    synchronized void measureFrom(long nanos) {
        measuredFromNanos = nanos;
        measured = true;
    }

    /** From now on this one is told of each result, and the one before no more. */
    synchronized void tell(RecoveryTracker tracker) {
        recovery = tracker;
    }

    /** A message of the device is about to leave; in the order of leaving. */
    synchronized void sent(int device, long dueNanos) {
        DeviceReadings of = devices[device];
        of.due.add(dueNanos);
        of.sent += readingsAMessage;
    }

    /** A batch's running total of the device. */
    synchronized void total(int device, long batch, long count) {
        DeviceReadings of = devices[device];
        if (batch < of.newestBatch) {
            return; // a batch that was run again; the newer one stands
        }
        of.newestBatch = batch;
        counted += count - of.counted;
        of.counted = count;
        of.totals.put(batch, count);
        join(of, batch);
    }

    /** A batch's slide of the device's window. */
    synchronized void window(int device, long batch, long arrivedNanos) {
        DeviceReadings of = devices[device];
        if (batch > of.joinedBatch) {
            of.windows.putIfAbsent(batch, arrivedNanos);
            join(of, batch);
        }
    }

    private void join(DeviceReadings of, long batch) {
        Long upTo = of.totals.get(batch);
        Long arrived = of.windows.get(batch);
        if (upTo == null || arrived == null) {
            return;
        }
        of.joinedBatch = batch;
        of.totals.headMap(batch, true).clear();
        of.windows.headMap(batch, true).clear();
        long now = arrived;
        long before = of.joined;
        Long oldest = of.due.peek();
        long newest = Long.MIN_VALUE;
        while (of.joined < upTo && !of.due.isEmpty()) {
            long ofMessage = Math.min(upTo - of.joined, readingsAMessage - of.joined % readingsAMessage);
            long due = of.due.element();
            newest = due;
            if (measured && due - measuredFromNanos >= 0) {
                latencies.recordValueWithCount(Math.max(0, now - due), ofMessage);
            }
            of.joined += ofMessage;
            joined += ofMessage;
            if (of.joined % readingsAMessage == 0) {
                of.due.remove();
            }
        }
        if (recovery != null && oldest != null && of.joined > before) {
            recovery.result(batch, oldest, newest, now);
        }
        batches.merge(batch, new Point(now, joined), Point::later);
    }

    /** Readings in the newest totals of all devices. */
    synchronized long counted() {
        return counted;
    }

    /** Readings whose result has arrived. */
    synchronized long joined() {
        return joined;
    }

    /** Readings that were sent and are in no total. */
    synchronized long lost() {
        return Arrays.stream(devices)
                .mapToLong(of -> Math.max(0, of.sent - of.counted))
                .sum();
    }

    /** Readings in totals that were not sent, or are in them twice. */
    synchronized long duplicates() {
        return Arrays.stream(devices)
                .mapToLong(of -> Math.max(0, of.counted - of.sent))
                .sum();
    }

    /**
     * Readings a second that became results, between the ends of the first and of the last batch whose results arrived
     * within these times; 0 when there are not two.
     */
    synchronized double readingsPerSecond(long fromNanos, long toNanos) {
        var within = batches.values().stream()
                .filter(point -> point.arrivedNanos - fromNanos >= 0 && point.arrivedNanos - toNanos <= 0)
                .toList();
        if (within.size() < 2) {
            return 0;
        }
        Point first = within.get(0);
        Point last = within.get(within.size() - 1);
        return (last.joined - first.joined) * 1e9 / Math.max(1, last.arrivedNanos - first.arrivedNanos);
    }

    /** When the last result of a batch had arrived, and how many readings of all devices had one then. */
    private record Point(long arrivedNanos, long joined) {
        Point later(Point other) {
            return new Point(Math.max(arrivedNanos, other.arrivedNanos), Math.max(joined, other.joined));
        }
    }

    /** What was sent of a device, and what came back. */
    private static final class DeviceReadings {
        private final ArrayDeque<Long> due = new ArrayDeque<>();
        private final TreeMap<Long, Long> totals = new TreeMap<>();
        private final TreeMap<Long, Long> windows = new TreeMap<>();
        private long sent;
        private long counted;
        private long joined;
        private long newestBatch = Long.MIN_VALUE;
        private long joinedBatch = Long.MIN_VALUE;
    }
}
