package io.tidegate.processor.partial;

import io.tidegate.processor.math.Numbers;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One metric in a session.
 *
 * @param count its events, with or without a value
 * @param values the values
 * @param last the last value, null when there is none
 */
public record MetricStats(
        long count, Numbers values, @Nullable Last last) {

    /** No event. */
    static final MetricStats NONE = new MetricStats(0, Numbers.EMPTY, null);

    /** A value and its place: by event time, then by key group and offset, so that no two events tie. */
    public record Last(long timeMs, int keyGroup, long offset, double value) {

        private boolean isAfter(@Nullable Last other) {
            if (other == null || timeMs != other.timeMs) {
                return other == null || timeMs > other.timeMs;
            }
            return keyGroup != other.keyGroup ? keyGroup > other.keyGroup : offset > other.offset;
        }
    }

    MetricStats plus(Observation event) {
        Double value = event.value();
        if (value == null) {
            return new MetricStats(count + 1, values, last);
        }
        Last its = new Last(event.timeMs(), event.keyGroup(), event.offset(), value);
        return new MetricStats(count + 1, values.plus(value), its.isAfter(last) ? its : last);
    }

    /** Both together; associative and commutative. */
    public MetricStats merge(MetricStats other) {
        Last latest = last != null && last.isAfter(other.last) ? last : other.last;
        return new MetricStats(count + other.count, values.merge(other.values), latest);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(count);
        values.write(out);
        out.writeBoolean(last != null);
        if (last != null) {
            out.writeLong(last.timeMs);
            out.writeInt(last.keyGroup);
            out.writeLong(last.offset);
            out.writeDouble(last.value);
        }
    }

    static MetricStats read(DataInput in) throws IOException {
        long count = in.readLong();
        Numbers values = Numbers.read(in);
        Last last = in.readBoolean() ? new Last(in.readLong(), in.readInt(), in.readLong(), in.readDouble()) : null;
        return new MetricStats(count, values, last);
    }
}
