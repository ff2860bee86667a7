package io.tidegate.spark.event;

import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * One event as a row of its {@link EventTable}: a cursor that is moved from event to event. Catalyst pulls the columns that it
 * uses, the others are never made. One thread.
 */
public final class EventRow extends GenericInternalRow {

    private final EventTable table;
    private final transient EventColumn[] columns;
    private final transient boolean[] filled;
    private final transient @Nullable Object[] cached;
    private final String gateway;
    private transient Event event = Event.getDefaultInstance();
    private int keyGroup;
    private long offset;

    /** A row of a gateway's events with all columns of a table, before its first event. */
    public EventRow(EventTable table, String gateway) {
        this(table, table.columns(), gateway);
    }

    /** A row with some of the columns, in that order. */
    public EventRow(EventTable table, List<EventColumn> columns, String gateway) {
        super(columns.size());
        this.table = table;
        this.columns = columns.toArray(EventColumn[]::new);
        filled = new boolean[this.columns.length];
        cached = new Object[this.columns.length];
        this.gateway = gateway;
    }

    /** Moves on to the event that a cursor is at, which must be one of the table. */
    public EventRow at(EventCursor cursor) {
        keyGroup = cursor.keyGroup();
        offset = cursor.offset();
        event = cursor.event();
        Arrays.fill(filled, false);
        return this;
    }

    /**
     * The value of a column, by its name: texts as String, instants as microseconds, numbers as they are; null when the event
     * has none.
     *
     * @throws IllegalArgumentException when there is no such column
     */
    public @Nullable Object value(String column) {
        for (EventColumn one : columns) {
            if (one.name().equals(column)) {
                return one.read(this);
            }
        }
        throw new IllegalArgumentException("column " + column + " (expected: one of "
                + Arrays.stream(columns).map(EventColumn::name).toList() + ")");
    }

    EventTable table() {
        return table;
    }

    Event event() {
        return event;
    }

    /** Its reading; an empty one when it is something else. */
    Reading reading() {
        return event.getReading();
    }

    /** Its request; an empty one when it is something else. */
    Request request() {
        return event.getRequest();
    }

    /** The time of the event, epoch microseconds. */
    public long timeUs() {
        return event.getTimeUs();
    }

    /** When the gateway received it, epoch milliseconds. */
    public long receivedMs() {
        return event.getReceivedMs();
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
