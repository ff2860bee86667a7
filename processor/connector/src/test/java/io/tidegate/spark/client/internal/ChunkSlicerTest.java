package io.tidegate.spark.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tidegate.spark.event.EventChunk;
import io.tidegate.spark.event.EventRow;
import io.tidegate.spark.event.EventTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChunkSlicerTest {
    private final FakeLog log = new FakeLog(1);

    ChunkSlicerTest() {
        for (int i = 0; i < 200; i++) {
            log.append("d", i); // the value is the offset
        }
    }

    @BeforeEach
    void thereIsALog() {
        assertThat(log.end(0)).isEqualTo(200);
    }

    @Property
    void a_range_gives_each_of_its_events_once_however_chunks_are_cut_and_repeated(@ForAll Random random) {
        long from = random.nextInt(150);
        long next = from + 1 + random.nextInt(50);
        List<byte[]> chunks = new ArrayList<>(bytes(0, from / 2, from + 1, random));
        chunks.addAll(bytes(0, from, next, random));
        chunks.addAll(bytes(0, from, 200, random));

        Optional<List<EventChunk>> parts = ChunkSlicer.cut(List.of(new OffsetRange(0, from, next)), chunks);

        List<Long> seen = new ArrayList<>();
        for (EventChunk part : parts.orElseThrow()) {
            part.forEach(new EventRow(EventTable.READINGS, "fake"), row -> {
                assertThat(row.value("value")).isEqualTo((double) row.offset());
                seen.add(row.offset());
            });
        }
        assertThat(seen).isEqualTo(LongStream.range(from, next).boxed().toList());
    }

    @Test
    void chunks_with_a_hole_give_nothing() {
        List<byte[]> chunks = new ArrayList<>(bytes(0, 10, 20, new Random(1)));
        chunks.addAll(bytes(0, 30, 40, new Random(1)));

        assertThat(ChunkSlicer.cut(List.of(new OffsetRange(0, 10, 40)), chunks)).isEmpty();
        assertThat(ChunkSlicer.cut(List.of(new OffsetRange(1, 10, 20)), chunks)).isEmpty();
        assertThat(ChunkSlicer.cut(List.of(new OffsetRange(0, 10, 20)), chunks)).isPresent();
    }

    private List<byte[]> bytes(int keyGroup, long from, long until, Random random) {
        return log.chunks(keyGroup, from, until, random).stream()
                .map(ByteString::toByteArray)
                .toList();
    }
}
