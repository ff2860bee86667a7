package io.tidegate.gateway.admission;

import java.util.ArrayDeque;

/** Stamps in the order in which they were given; equal ones are one entry. Not thread-safe. */
final class InFlightStamps {

    private final ArrayDeque<Run> runs = new ArrayDeque<>();
    private long size;

    void add(long stamp) {
        Run last = runs.peekLast();
        if (last == null || last.stamp != stamp) {
            last = new Run(stamp);
            runs.add(last);
        }
        last.count++;
        size++;
    }

    void remove(int count) {
        if (count < 0 || count > size) {
            throw new IllegalArgumentException("done: " + count + " (expected: 0 to " + size + ", what is in flight)");
        }
        size -= count;
        long left = count;
        while (left > 0) {
            Run first = runs.element();
            long taken = Math.min(left, first.count);
            first.count -= taken;
            left -= taken;
            if (first.count == 0) {
                runs.remove();
            }
        }
    }

    long oldest() {
        return runs.element().stamp;
    }

    long size() {
        return size;
    }

    private static final class Run {
        private final long stamp;
        private long count;

        Run(long stamp) {
            this.stamp = stamp;
        }
    }
}
