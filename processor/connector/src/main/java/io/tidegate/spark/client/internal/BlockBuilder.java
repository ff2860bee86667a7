package io.tidegate.spark.client.internal;

import com.google.protobuf.ByteString;
import io.tidegate.protocol.v1.Frame;
import io.tidegate.protocol.v1.KeyGroupProgress;
import io.tidegate.protocol.v1.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import scala.collection.mutable.ArrayBuffer;

/**
 * Frames on their way to becoming a block: their chunks, and per key group the range. Progress without events makes a
 * range of its own, so that a block can carry nothing but time. One thread.
 */
public final class BlockBuilder {

    private final ArrayBuffer<byte[]> chunks = new ArrayBuffer<>();
    private final List<BlockRange> ranges = new ArrayList<>();
    private final Map<Integer, Integer> last = new TreeMap<>(); // key group -> index of its newest range
    private long bytes;

    void add(Frame frame) {
        for (ByteString chunk : frame.getChunksList()) {
            chunks.addOne(chunk.toByteArray());
        }
        bytes += bytes(frame);
        add(BlockRange.of(frame.getKeyGroup(), frame.getFrom(), frame.getNext(), frame.getTime()));
    }

    void add(KeyGroupProgress progress) {
        add(BlockRange.of(progress.getKeyGroup(), progress.getNext(), progress.getNext(), progress.getTime()));
    }

    private void add(BlockRange range) {
        Integer index = last.get(range.keyGroup());
        if (index != null && ranges.get(index).next() == range.from()) {
            ranges.set(index, ranges.get(index).then(range));
        } else {
            last.put(range.keyGroup(), ranges.size());
            ranges.add(range);
        }
    }

    /** What a frame costs: the bytes of its chunks. */
    static long bytes(Frame frame) {
        return frame.getChunksList().stream().mapToLong(ByteString::size).sum();
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    boolean hasEvents() {
        return chunks.nonEmpty();
    }

    long bytes() {
        return bytes;
    }

    public ArrayBuffer<byte[]> chunks() {
        return chunks;
    }

    public List<Long> metadata() {
        return BlockRange.toMetadata(ranges);
    }

    /** What may be acknowledged once the block is stored: only key groups that had events. */
    List<Position> acknowledgeable() {
        Map<Integer, Long> next = ranges.stream()
                .filter(range -> range.next() > range.from())
                .collect(Collectors.toMap(BlockRange::keyGroup, BlockRange::next, Math::max, TreeMap::new));
        return next.entrySet().stream()
                .map(e -> GatewayClient.position(e.getKey(), e.getValue()))
                .toList();
    }
}
