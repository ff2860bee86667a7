package io.tidegate.processor.partial;

import io.tidegate.processor.math.Numbers;
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
public record Total(long count, Numbers values, long sinceMs, long untilMs) {

    static Total of(Observation event) {
        Numbers values = event.value() == null ? Numbers.EMPTY : Numbers.EMPTY.plus(event.value());
        return new Total(1, values, event.timeMs(), event.timeMs());
    }

    /** Both together; associative and commutative. */
    public Total merge(Total other) {
        return new Total(
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
    public static Total read(DataInput in) throws IOException {
        return new Total(in.readLong(), Numbers.read(in), in.readLong(), in.readLong());
    }
}
