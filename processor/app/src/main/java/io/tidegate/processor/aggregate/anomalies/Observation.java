package io.tidegate.processor.aggregate.anomalies;

import io.tidegate.processor.aggregate.InputEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;

/**
 * An event of a key, as far as a score needs it.
 *
 * @param value NaN: the event has none
 */
record Observation(long timeMs, long receivedMs, int keyGroup, long offset, double value) {

    /** By event time; of the same time in the order of the log, in which no two events stand at the same place. */
    static final Comparator<Observation> ORDER = Comparator.comparingLong(Observation::timeMs)
            .thenComparingInt(Observation::keyGroup)
            .thenComparingLong(Observation::offset)
            .thenComparingLong(Observation::receivedMs)
            .thenComparingDouble(Observation::value);

    static Observation of(InputEvent event) {
        double value = event.value() == null ? Double.NaN : event.value();
        return new Observation(event.timeMs(), event.receivedMs(), event.keyGroup(), event.offset(), value);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(timeMs);
        out.writeLong(receivedMs);
        out.writeInt(keyGroup);
        out.writeLong(offset);
        out.writeDouble(value);
    }

    static Observation read(DataInput in) throws IOException {
        return new Observation(in.readLong(), in.readLong(), in.readInt(), in.readLong(), in.readDouble());
    }
}
