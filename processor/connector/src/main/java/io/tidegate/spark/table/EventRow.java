package io.tidegate.spark.table;

import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
import java.util.Arrays;
import java.util.List;
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

    /** A row of a gateway's events with all columns of a table, before its first event. */
    public EventRow(Table table, String gateway) {
        this(table.columns(), gateway);
    }

    /** A row with some columns, of one table and in that order. */
    public EventRow(List<Column> columns, String gateway) {
        super(columns.size());
        this.columns = columns.toArray(Column[]::new);
        filled = new boolean[this.columns.length];
        cached = new Object[this.columns.length];
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

    /** The event under the cursor. */
    public Event event() {
        return event;
    }

    /** Its reading; an empty one when it is something else. */
    public Reading reading() {
        return event.getReading();
    }

    /** Its request; an empty one when it is something else. */
    public Request request() {
        return event.getRequest();
    }

    /** The id of the gateway whose event it is. */
    public String gateway() {
        return gateway;
    }

    /** Its key group at that gateway. */
    public int keyGroup() {
        return keyGroup;
    }

    /** Its offset in that key group. */
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
