package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.aggregate.InputEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * What the events of a {@link PartialSession} come to beside their number and their times: {@link ReadingsAggregate} of readings, a
 * {@link RequestsAggregate} of requests. Immutable; {@link #merge} is associative and commutative.
 */
public sealed interface SessionAggregate permits ReadingsAggregate, RequestsAggregate {

    /** Of some events, at least one, all of one table. */
    static SessionAggregate of(List<InputEvent> events) {
        return events.get(0).request() == null ? ReadingsAggregate.of(events) : RequestsAggregate.of(events);
    }

    /**
     * Both together.
     *
     * @throws IllegalArgumentException when one is of readings and the other of requests
     */
    SessionAggregate merge(SessionAggregate other);

    /** Writes it for {@link #read}. */
    default void write(DataOutput out) throws IOException {
        out.writeBoolean(this instanceof RequestsAggregate);
        writeFields(out);
    }

    /** Writes what {@link #read} needs to know beside the kind. */
    void writeFields(DataOutput out) throws IOException;

    /** Reads what {@link #write} wrote. */
    static SessionAggregate read(DataInput in) throws IOException {
        return in.readBoolean() ? RequestsAggregate.readFields(in) : ReadingsAggregate.readFields(in);
    }

    /** The error of merging what does not belong together. */
    default IllegalArgumentException unlike(SessionAggregate other) {
        return new IllegalArgumentException("merged with: " + other.getClass().getSimpleName() + " (expected: "
                + getClass().getSimpleName() + ")");
    }
}
