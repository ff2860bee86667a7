package io.tidegate.processor.query;

import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * One event as a row of {@code readings}: a cursor that is moved from event to event. Catalyst pulls the columns that it
 * uses, the others are never made. One thread.
 */
public final class EventRow extends GenericInternalRow {

    private static final Column[] COLUMNS = Column.values();

    private final transient boolean[] filled = new boolean[COLUMNS.length];
    private final transient @Nullable Object[] cached = new Object[COLUMNS.length];
    private final String gateway;
    private transient Event event = Event.getDefaultInstance();
    private int keyGroup;
    private long offset;

    /** A row of a gateway, before its first event. */
    public EventRow(String gateway) {
        super(COLUMNS.length);
        this.gateway = gateway;
    }

    /** Moves on to an event. */
    public EventRow at(int keyGroup, long offset, Event event) {
        this.keyGroup = keyGroup;
        this.offset = offset;
        this.event = event;
        Arrays.fill(filled, false);
        return this;
    }

    public Event event() {
        return event;
    }

    public Reading reading() {
        return event.getReading();
    }

    public String gateway() {
        return gateway;
    }

    public int keyGroup() {
        return keyGroup;
    }

    public long offset() {
        return offset;
    }

    /** Catalyst's way to a column: texts as UTF8String. */
    @Override
    public @Nullable Object genericGet(int ordinal) {
        if (!filled[ordinal]) {
            Object value = COLUMNS[ordinal].read(this);
            cached[ordinal] = value instanceof String text ? UTF8String.fromString(text) : value;
            filled[ordinal] = true;
        }
        return cached[ordinal];
    }
}
