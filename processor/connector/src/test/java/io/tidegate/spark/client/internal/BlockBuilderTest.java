package io.tidegate.spark.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tidegate.protocol.v1.Frame;
import io.tidegate.protocol.v1.KeyGroupProgress;
import io.tidegate.protocol.v1.KeyGroupTime;
import io.tidegate.protocol.v1.Position;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockBuilderTest {

    @Test
    void adjoining_frames_become_one_extent_with_the_newest_time() {
        BlockBuilder gathering = new BlockBuilder();

        gathering.add(frame(1, 0, 10, 100));
        gathering.add(frame(2, 5, 6, 0));
        gathering.add(frame(1, 10, 30, 200));
        gathering.add(progress(1, 30, 300));

        assertThat(BlockRange.ofMetadata(gathering.metadata()))
                .containsExactly(new BlockRange(1, 0, 30, 7, 300), new BlockRange(2, 5, 6, 7, 0));
        assertThat(gathering.acknowledgeable()).containsExactly(position(1, 30), position(2, 6));
        assertThat(gathering.chunks().size()).isEqualTo(3);
        assertThat(gathering.bytes()).isEqualTo(9);
    }

    @Test
    void a_frame_behind_a_hole_is_an_extent_of_its_own() {
        BlockBuilder gathering = new BlockBuilder();

        gathering.add(frame(1, 0, 10, 100));
        gathering.add(frame(1, 20, 30, 100));

        assertThat(BlockRange.ofMetadata(gathering.metadata()))
                .containsExactly(new BlockRange(1, 0, 10, 7, 100), new BlockRange(1, 20, 30, 7, 100));
    }

    @Test
    void progress_alone_makes_a_block_that_carries_time_and_acknowledges_nothing() {
        BlockBuilder gathering = new BlockBuilder();

        gathering.add(progress(3, 42, 500));

        assertThat(gathering.isEmpty()).isFalse();
        assertThat(gathering.hasEvents()).isFalse();
        assertThat(gathering.acknowledgeable()).isEmpty();
        assertThat(BlockRange.ofMetadata(gathering.metadata())).containsExactly(new BlockRange(3, 42, 42, 7, 500));
    }

    /** What Spark does with it in its log: see ReceivedBlockTracker, which finds allocated blocks by equality. */
    @Test
    void metadata_is_equal_by_value_after_it_was_serialized() throws IOException, ClassNotFoundException {
        List<Long> metadata =
                BlockRange.toMetadata(List.of(new BlockRange(1, 2, 3, 4, 5), new BlockRange(6, 7, 8, 9, 10)));

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(metadata);
        Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(read).isEqualTo(metadata).isNotSameAs(metadata).hasSameHashCodeAs(metadata);
        assertThat(read.getClass().getModule().getName()).isEqualTo("java.base");
    }

    @Test
    void metadata_that_is_not_ours_holds_nothing() {
        assertThat(BlockRange.ofMetadata("somebody's")).isEmpty();
        assertThat(BlockRange.ofMetadata(List.of(1L, 2L))).isEmpty();
    }

    private static Frame frame(int keyGroup, long from, long next, long seenThrough) {
        return Frame.newBuilder()
                .setKeyGroup(keyGroup)
                .setFrom(from)
                .setNext(next)
                .addChunks(ByteString.copyFromUtf8("abc"))
                .setTime(time(seenThrough))
                .build();
    }

    private static KeyGroupProgress progress(int keyGroup, long next, long seenThrough) {
        return KeyGroupProgress.newBuilder()
                .setKeyGroup(keyGroup)
                .setNext(next)
                .setTime(time(seenThrough))
                .build();
    }

    private static KeyGroupTime time(long seenThrough) {
        return KeyGroupTime.newBuilder()
                .setWatermarkMs(7)
                .setSeenThroughMs(seenThrough)
                .build();
    }

    private static Position position(int keyGroup, long next) {
        return Position.newBuilder().setKeyGroup(keyGroup).setNext(next).build();
    }
}
