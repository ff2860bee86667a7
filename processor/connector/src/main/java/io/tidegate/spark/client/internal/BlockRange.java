package io.tidegate.spark.client.internal;

import io.tidegate.protocol.v1.KeyGroupTime;
import java.util.ArrayList;
import java.util.List;

/**
 * What a block holds of one key group, and the time that is known once everything through {@code next} is held. A block
 * that only carries time has ranges with {@code from == next}.
 */
public record BlockRange(int keyGroup, long from, long next, long watermarkMs, long seenThroughMs) {

    private static final int FIELDS = 5;

    static BlockRange of(int keyGroup, long from, long next, KeyGroupTime time) {
        return new BlockRange(keyGroup, from, next, time.getWatermarkMs(), time.getSeenThroughMs());
    }

    /**
     * The metadata of a block. A JDK type with value equality: on recovery Spark finds an allocated block in its queue by
     * {@code equals}, and would allocate it a second time if arrays were compared.
     */
    static List<Long> toMetadata(List<BlockRange> ranges) {
        List<Long> metadata = new ArrayList<>(ranges.size() * FIELDS);
        for (BlockRange e : ranges) {
            metadata.addAll(List.of((long) e.keyGroup, e.from, e.next, e.watermarkMs, e.seenThroughMs));
        }
        return metadata;
    }

    /** The ranges of that metadata; none when it is null or something else. */
    public static List<BlockRange> ofMetadata(Object metadata) {
        if (!(metadata instanceof List<?> values) || values.size() % FIELDS != 0) {
            return List.of();
        }
        long[] v = values.stream().mapToLong(x -> ((Number) x).longValue()).toArray();
        List<BlockRange> ranges = new ArrayList<>(v.length / FIELDS);
        for (int i = 0; i < v.length; i += FIELDS) {
            ranges.add(new BlockRange((int) v[i], v[i + 1], v[i + 2], v[i + 3], v[i + 4]));
        }
        return ranges;
    }

    /** This range and what directly follows it, as one. */
    BlockRange then(BlockRange following) {
        return new BlockRange(
                keyGroup,
                from,
                following.next,
                Math.max(watermarkMs, following.watermarkMs),
                Math.max(seenThroughMs, following.seenThroughMs));
    }
}
