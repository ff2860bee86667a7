package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.sketch.SummaryStatistics;
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
public record MetricAggregate(
        long count, SummaryStatistics values, @Nullable Last last) {

    /** No event. */
    static final MetricAggregate NONE = new MetricAggregate(0, SummaryStatistics.EMPTY, null);

    /** A value and its place: by event time, then by key group and offset, so that no two events tie. */
    public record Last(long timeMs, int keyGroup, long offset, double value) {

        private boolean isAfter(@Nullable Last other) {
            if (other == null || timeMs != other.timeMs) {
                return other == null || timeMs > other.timeMs;
            }
            return keyGroup != other.keyGroup ? keyGroup > other.keyGroup : offset > other.offset;
        }
    }

    MetricAggregate plus(InputEvent event) {
        Double value = event.value();
        if (value == null) {
            return new MetricAggregate(count + 1, values, last);
        }
        Last its = new Last(event.timeMs(), event.keyGroup(), event.offset(), value);
        return new MetricAggregate(count + 1, values.plus(value), its.isAfter(last) ? its : last);
    }

    /** Both together; associative and commutative. */
    public MetricAggregate merge(MetricAggregate other) {
        Last latest = last != null && last.isAfter(other.last) ? last : other.last;
        return new MetricAggregate(count + other.count, values.merge(other.values), latest);
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

    static MetricAggregate read(DataInput in) throws IOException {
        long count = in.readLong();
        SummaryStatistics values = SummaryStatistics.read(in);
        Last last = in.readBoolean() ? new Last(in.readLong(), in.readInt(), in.readLong(), in.readDouble()) : null;
        return new MetricAggregate(count, values, last);
    }
}
