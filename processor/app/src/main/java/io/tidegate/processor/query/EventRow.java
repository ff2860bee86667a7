package io.tidegate.processor.query;

import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * One event as a row of its {@link Table}: a cursor that is moved from event to event. Catalyst pulls the columns that it
 * uses, the others are never made. One thread.
 */
public final class EventRow extends GenericInternalRow {

    private final transient Column[] columns;
    private final transient boolean[] filled;
    private final transient @Nullable Object[] cached;
    private final String gateway;
    private transient Event event = Event.getDefaultInstance();
    private int keyGroup;
    private long offset;

    /** A row of a gateway's events in a table, before its first event. */
    public EventRow(Table table, String gateway) {
        super(table.columns().size());
        columns = table.columns().toArray(Column[]::new);
        filled = new boolean[columns.length];
        cached = new Object[columns.length];
        this.gateway = gateway;
    }

    /** Moves on to an event, which must be one of the table. */
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

    public Request request() {
        return event.getRequest();
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
            Object value = columns[ordinal].read(this);
            cached[ordinal] = value instanceof String text ? UTF8String.fromString(text) : value;
            filled[ordinal] = true;
        }
        return cached[ordinal];
    }
}
