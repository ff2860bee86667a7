package io.tidegate.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tidegate.protocol.v1.Chunk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlicesTest {
    private final FakeLog log = new FakeLog(1);

    SlicesTest() {
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

        Optional<List<DoorRecord>> slices = Slices.cut(List.of(new Range(0, from, next)), chunks);

        List<Long> seen = new ArrayList<>();
        for (DoorRecord slice : slices.orElseThrow()) {
            ((Slice) slice).forEach((offset, event) -> {
                assertThat(event.getReading().getValue()).isEqualTo((double) offset);
                seen.add(offset);
            });
        }
        assertThat(seen).isEqualTo(LongStream.range(from, next).boxed().toList());
    }

    @Test
    void chunks_with_a_hole_give_nothing() {
        List<byte[]> chunks = new ArrayList<>(bytes(0, 10, 20, new Random(1)));
        chunks.addAll(bytes(0, 30, 40, new Random(1)));

        assertThat(Slices.cut(List.of(new Range(0, 10, 40)), chunks)).isEmpty();
        assertThat(Slices.cut(List.of(new Range(1, 10, 20)), chunks)).isEmpty();
        assertThat(Slices.cut(List.of(new Range(0, 10, 20)), chunks)).isPresent();
    }

    @Test
    void a_header_is_read_without_the_events() throws IOException {
        byte[] chunk = Chunk.newBuilder()
                .setKeyGroup(3)
                .setFirstOffset(1L << 40)
                .setCount(2)
                .build()
                .toByteArray();

        assertThat(ChunkHeader.of(chunk)).isEqualTo(new ChunkHeader(3, 1L << 40, 2));
        assertThat(ChunkHeader.of(chunk).next()).isEqualTo((1L << 40) + 2);
        assertThat(ChunkHeader.of(new byte[0])).isEqualTo(new ChunkHeader(0, 0, 0));
    }

    @Test
    void a_slice_that_claims_more_events_than_its_chunk_has_fails() {
        Slice slice = new Slice(0, 0, 1000, bytes(0, 0, 10, new Random(1)).get(0));

        assertThatThrownBy(() -> slice.forEach((offset, event) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("until 1000");
    }

    @Test
    void a_slice_of_something_that_is_no_chunk_fails() {
        Slice slice = new Slice(0, 0, 1, new byte[] {34, 100, 1});

        assertThatThrownBy(() -> slice.forEach((offset, event) -> {})).isInstanceOf(UncheckedIOException.class);
    }

    private List<byte[]> bytes(int keyGroup, long from, long until, Random random) {
        return log.chunks(keyGroup, from, until, random).stream()
                .map(ByteString::toByteArray)
                .toList();
    }
}
