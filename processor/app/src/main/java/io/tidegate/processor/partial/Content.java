package io.tidegate.processor.partial;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * What the events of a {@link Fragment} come to beside their number and their times: {@link Metrics} of readings, a
 * {@link Visit} of requests. Immutable; {@link #merge} is associative and commutative.
 */
public sealed interface Content permits Metrics, Visit {

    /** Of some events, at least one, all of one table. */
    static Content of(List<Observation> events) {
        return events.get(0).hit() == null ? Metrics.of(events) : Visit.of(events);
    }

    /**
     * Both together.
     *
     * @throws IllegalArgumentException when one is of readings and the other of requests
     */
    Content merge(Content other);

    /** Writes it for {@link #read}. */
    default void write(DataOutput out) throws IOException {
        out.writeBoolean(this instanceof Visit);
        writeFields(out);
    }

    /** Writes what {@link #read} needs to know beside the kind. */
    void writeFields(DataOutput out) throws IOException;

    /** Reads what {@link #write} wrote. */
    static Content read(DataInput in) throws IOException {
        return in.readBoolean() ? Visit.readFields(in) : Metrics.readFields(in);
    }

    /** The error of merging what does not belong together. */
    default IllegalArgumentException unlike(Content other) {
        return new IllegalArgumentException("merged with: " + other.getClass().getSimpleName() + " (expected: "
                + getClass().getSimpleName() + ")");
    }
}
