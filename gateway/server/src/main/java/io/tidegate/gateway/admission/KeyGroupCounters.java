package io.tidegate.gateway.admission;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What key groups count outside the ledger's law, since this process started; one for all key groups. Thread-safe.
 */
public final class KeyGroupCounters {

    private final LongAdder sequenceRestarts = new LongAdder();
    private final LongAdder untracked = new LongAdder();
    private final LongAdder forgotten = new LongAdder();
    private final LongAdder memory = new LongAdder();
    private final AtomicInteger devices = new AtomicInteger();
    private final AtomicInteger recovering = new AtomicInteger();

    /** Readings whose sequence number was known with another time or payload: a new run of the device. */
    public long sequenceRestarts() {
        return sequenceRestarts.sum();
    }

    /** Readings logged without being tracked, because of the limits on devices, metrics and memory. */
    public long untracked() {
        return untracked.sum();
    }

    /** Devices that made room for others. */
    public long devicesForgotten() {
        return forgotten.sum();
    }

    /** Devices tracked at present. */
    public int devices() {
        return devices.get();
    }

    /** About how many bytes of the heap what is known of them takes. */
    public long devicesMemory() {
        return memory.sum();
    }

    /** Key groups that are still reading their log after a start. */
    public int recovering() {
        return recovering.get();
    }

    void sequenceRestarted() {
        sequenceRestarts.increment();
    }

    void leftUntracked() {
        untracked.increment();
    }

    void forgotten() {
        forgotten.increment();
    }

    void devicesChanged(int by) {
        devices.addAndGet(by);
    }

    void memoryChanged(long by) {
        memory.add(by);
    }

    void recoveryBegins() {
        recovering.incrementAndGet();
    }

    void recoveryEnds() {
        recovering.decrementAndGet();
    }
}
