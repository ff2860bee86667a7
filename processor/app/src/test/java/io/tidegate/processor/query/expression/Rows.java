package io.tidegate.processor.query.expression;

import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.EventCursor;
import io.tidegate.spark.event.EventRow;
import io.tidegate.spark.event.EventTable;

/** Events as the rows that queries see. */
final class Rows {

    private Rows() {}

    /** The event of offset 77 in key group 3 of gateway {@code gw}. */
    static EventRow row(EventTable table, Event event) {
        return move(new EventRow(table, "gw"), event);
    }

    /** The same row at another event. */
    static EventRow move(EventRow row, Event event) {
        Chunk chunk = Chunk.newBuilder()
                .setKeyGroup(3)
                .setFirstOffset(77)
                .setCount(1)
                .addEvents(event)
                .build();
        EventCursor cursor = EventChunk.of(chunk.toByteArray()).cursor();
        if (!cursor.next()) {
            throw new AssertionError("no event");
        }
        return row.at(cursor);
    }
}
