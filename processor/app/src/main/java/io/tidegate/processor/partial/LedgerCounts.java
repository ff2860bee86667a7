package io.tidegate.processor.partial;

import io.tidegate.processor.persistent.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of a query's events, per key group. Law: pulled = applied + late + filtered.
 *
 * @param groups by key group
 * @param reasons the filtered events of all key groups, by why
 */
public record LedgerCounts(SortedMap<Integer, Fate> groups, SortedMap<FilterReason, Long> reasons)
        implements Serializable {

    /** Nothing yet. */
    public static final LedgerCounts NONE = new LedgerCounts(new TreeMap<>());

    /** Without filtered events. */
    public LedgerCounts(SortedMap<Integer, Fate> groups) {
        this(groups, Collections.emptySortedMap());
    }

    /**
     * Numbers of events of one key group.
     *
     * @param applied counted in a result
     * @param late too late for its session
     * @param filtered in no result, for a {@link FilterReason}
     */
    public record Fate(long applied, long late, long filtered) implements Serializable {

        /** Both together. */
        public Fate plus(Fate other) {
            return new Fate(applied + other.applied, late + other.late, filtered + other.filtered);
        }

        /** All of them: what was pulled. */
        public long pulled() {
            return applied + late + filtered;
        }
    }

    /** Keeps its own copy. */
    public LedgerCounts {
        groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
        reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
    }

    /** Both together; associative and commutative. */
    public LedgerCounts plus(LedgerCounts other) {
        if (other.groups.isEmpty()) {
            return this;
        }
        SortedMap<Integer, Fate> sum = new TreeMap<>(groups);
        other.groups.forEach((group, fate) -> sum.merge(group, fate, Fate::plus));
        SortedMap<FilterReason, Long> why = new TreeMap<>(reasons);
        other.reasons.forEach((reason, count) -> why.merge(reason, count, Long::sum));
        return new LedgerCounts(sum, why);
    }

    /** These numbers of events per key group, all of them applied. */
    public static LedgerCounts applied(Map<Integer, Long> events) {
        SortedMap<Integer, Fate> groups = new TreeMap<>();
        events.forEach((group, count) -> groups.put(group, new Fate(count, 0, 0)));
        return new LedgerCounts(groups);
    }

    /** These numbers of events per key group, all of them late. */
    public static LedgerCounts late(Map<Integer, Long> events) {
        SortedMap<Integer, Fate> groups = new TreeMap<>();
        events.forEach((group, count) -> groups.put(group, new Fate(0, count, 0)));
        return new LedgerCounts(groups);
    }

    /** Writes it for {@link #read}. */
    public void write(DataOutput out) throws IOException {
        Wire.writeSorted(out, groups, Wire::integer, (fate, sink) -> {
            sink.writeLong(fate.applied);
            sink.writeLong(fate.late);
            sink.writeLong(fate.filtered);
        });
        Wire.writeSorted(
                out,
                reasons,
                (reason, sink) -> Wire.writeText(sink, reason.name()),
                (count, sink) -> sink.writeLong(count));
    }

    /** Reads what {@link #write} wrote. */
    public static LedgerCounts read(DataInput in) throws IOException {
        return new LedgerCounts(
                Wire.readSorted(
                        in,
                        DataInput::readInt,
                        source -> new Fate(source.readLong(), source.readLong(), source.readLong())),
                Wire.readSorted(in, source -> FilterReason.valueOf(Wire.readText(source)), DataInput::readLong));
    }
}
