package io.tidegate.processor.aggregate.totals;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.sketch.SummaryStatistics;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What the events of one key come to.
 *
 * @param count events, at least one
 * @param values the values among them
 * @param sinceMs least event time
 * @param untilMs greatest event time
 */
public record KeyTotal(long count, SummaryStatistics values, long sinceMs, long untilMs) {

    static KeyTotal of(InputEvent event) {
        SummaryStatistics values =
                event.value() == null ? SummaryStatistics.EMPTY : SummaryStatistics.EMPTY.plus(event.value());
        return new KeyTotal(1, values, event.timeMs(), event.timeMs());
    }

    /** Both together; associative and commutative. */
    public KeyTotal merge(KeyTotal other) {
        return new KeyTotal(
                count + other.count,
                values.merge(other.values),
                Math.min(sinceMs, other.sinceMs),
                Math.max(untilMs, other.untilMs));
    }

    /** Writes it for {@link #read}. */
    public void write(DataOutput out) throws IOException {
        out.writeLong(count);
        values.write(out);
        out.writeLong(sinceMs);
        out.writeLong(untilMs);
    }

    /** Reads what {@link #write} wrote. */
    public static KeyTotal read(DataInput in) throws IOException {
        return new KeyTotal(in.readLong(), SummaryStatistics.read(in), in.readLong(), in.readLong());
    }
}
