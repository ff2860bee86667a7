package io.tidegate.spark.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventChunkTest {

    @Test
    void a_header_is_read_from_what_stands_before_the_events() {
        byte[] chunk = encoded(3, 1L << 40, reading("d1"), reading("d2"));

        assertThat(ChunkHeader.of(chunk)).isEqualTo(new ChunkHeader(3, 1L << 40, 2));
        assertThat(ChunkHeader.of(chunk).next()).isEqualTo((1L << 40) + 2);
        assertThat(ChunkHeader.of(new byte[0])).isEqualTo(new ChunkHeader(0, 0, 0));
    }

    @Test
    void a_chunk_that_claims_more_events_than_it_has_fails() {
        EventChunk chunk = new EventChunk(0, 0, 1000, encoded(0, 0, Event.getDefaultInstance()));

        assertThatThrownBy(() -> toTheEnd(chunk))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("until 1000");
    }

    @Test
    void something_that_is_no_chunk_fails() {
        EventChunk chunk = new EventChunk(0, 0, 1, new byte[] {34, 100, 1});

        assertThatThrownBy(() -> toTheEnd(chunk)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void a_row_is_moved_over_the_events_of_its_table_and_passes_the_others_over() {
        EventChunk chunk = EventChunk.of(
                encoded(5, 40, reading("d1"), request("10.0.0.1"), Event.getDefaultInstance(), reading("d2")));
        List<String> devices = new ArrayList<>();
        List<String> clients = new ArrayList<>();

        chunk.forEach(
                new EventRow(EventTable.READINGS, "gw"),
                row -> devices.add(row.value("device") + " at " + row.value("key_group") + "/" + row.value("offset")));
        chunk.part(41, 42)
                .forEach(
                        new EventRow(EventTable.REQUESTS, "gw"),
                        row -> clients.add(row.value("client") + " " + row.gateway()));

        assertThat(chunk.count()).isEqualTo(4);
        assertThat(devices).containsExactly("d1 at 5/40", "d2 at 5/43");
        assertThat(clients).containsExactly("10.0.0.1 gw");
    }

    @Test
    void an_event_is_a_row_of_one_table_or_of_none() {
        assertThat(EventTable.of(request("10.0.0.1"))).isEqualTo(EventTable.REQUESTS);
        assertThat(EventTable.of(reading("d1"))).isEqualTo(EventTable.READINGS);
        assertThat(EventTable.of(Event.getDefaultInstance())).isNull();
    }

    @Test
    void a_column_that_a_table_does_not_have_is_named() {
        EventRow row = new EventRow(EventTable.READINGS, "gw");

        assertThatThrownBy(() -> row.value("client"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("column client (expected: one of [device, metric, value,");
    }

    private static void toTheEnd(EventChunk chunk) {
        EventCursor events = chunk.cursor();
        boolean more = true;
        while (more) {
            more = events.next();
        }
    }

    private static byte[] encoded(int keyGroup, long first, Event... events) {
        return Chunk.newBuilder()
                .setKeyGroup(keyGroup)
                .setFirstOffset(first)
                .setCount(events.length)
                .addAllEvents(List.of(events))
                .build()
                .toByteArray();
    }

    private static Event reading(String device) {
        return Event.newBuilder()
                .setReading(Reading.newBuilder().setDevice(device))
                .build();
    }

    private static Event request(String client) {
        return Event.newBuilder()
                .setRequest(Request.newBuilder().setClient(client))
                .build();
    }
}
