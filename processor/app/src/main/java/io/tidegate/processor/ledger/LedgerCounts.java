package io.tidegate.processor.ledger;

import io.tidegate.processor.persistent.Encoding;
import io.tidegate.processor.query.FilterReason;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of a query's events, per key group. Law: pulled = applied + late + filtered.
 *
 * @param groups by key group
 * @param reasons the filtered events of all key groups, by why
 */
public record LedgerCounts(SortedMap<Integer, EventCounts> groups, SortedMap<FilterReason, Long> reasons)
        implements Serializable {

    /** Nothing yet. */
    public static final LedgerCounts NONE = new LedgerCounts(new TreeMap<>());

    /** Without filtered events. */
    public LedgerCounts(SortedMap<Integer, EventCounts> groups) {
        this(groups, Collections.emptySortedMap());
    }

    /**
     * Numbers of events of one key group.
     *
     * @param applied counted in a result
     * @param late too late for its session
     * @param filtered in no result, for a {@link FilterReason}
     */
    public record EventCounts(long applied, long late, long filtered) implements Serializable {

        /** Both together. */
        public EventCounts plus(EventCounts other) {
            return new EventCounts(applied + other.applied, late + other.late, filtered + other.filtered);
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

    /** Of all key groups together. */
    public EventCounts total() {
        return groups.values().stream().reduce(new EventCounts(0, 0, 0), EventCounts::plus);
    }

    /** Both together; associative and commutative. */
    public LedgerCounts plus(LedgerCounts other) {
        if (other.groups.isEmpty()) {
            return this;
        }
        SortedMap<Integer, EventCounts> sum = new TreeMap<>(groups);
        other.groups.forEach((group, events) -> sum.merge(group, events, EventCounts::plus));
        SortedMap<FilterReason, Long> why = new TreeMap<>(reasons);
        other.reasons.forEach((reason, count) -> why.merge(reason, count, Long::sum));
        return new LedgerCounts(sum, why);
    }

    /** Counts events one after the other. Mutable, for one thread. */
    public static final class Builder {
        private final SortedMap<Integer, EventCounts> groups = new TreeMap<>();
        private final SortedMap<FilterReason, Long> reasons = new TreeMap<>();

        /** Some events of a key group are in a result. */
        public void applied(int keyGroup, long events) {
            groups.merge(keyGroup, new EventCounts(events, 0, 0), EventCounts::plus);
        }

        /** Some events of a key group came too late. */
        public void late(int keyGroup, long events) {
            groups.merge(keyGroup, new EventCounts(0, events, 0), EventCounts::plus);
        }

        /** Some events of a key group are in no result, all for one reason. */
        public void filtered(int keyGroup, FilterReason reason, long events) {
            groups.merge(keyGroup, new EventCounts(0, 0, events), EventCounts::plus);
            reasons.merge(reason, events, Long::sum);
        }

        /** What was counted. */
        public LedgerCounts build() {
            return new LedgerCounts(groups, reasons);
        }
    }

    /** Writes it for {@link #read}. */
    public void write(DataOutput out) throws IOException {
        Encoding.writeSorted(out, groups, Encoding::integer, (events, sink) -> {
            sink.writeLong(events.applied);
            sink.writeLong(events.late);
            sink.writeLong(events.filtered);
        });
        Encoding.writeSorted(
                out,
                reasons,
                (reason, sink) -> Encoding.writeText(sink, reason.name()),
                (count, sink) -> sink.writeLong(count));
    }

    /** Reads what {@link #write} wrote. */
    public static LedgerCounts read(DataInput in) throws IOException {
        return new LedgerCounts(
                Encoding.readSorted(
                        in,
                        DataInput::readInt,
                        source -> new EventCounts(source.readLong(), source.readLong(), source.readLong())),
                Encoding.readSorted(
                        in, source -> FilterReason.valueOf(Encoding.readText(source)), DataInput::readLong));
    }
}
