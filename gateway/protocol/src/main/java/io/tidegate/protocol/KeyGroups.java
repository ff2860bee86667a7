package io.tidegate.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The partitioning rule of Tidegate: {@code floorMod(murmur3_x86_32(UTF-8 of the key, seed 0), n)}.
 *
 * <p>The gateway applies it to the event key (the device of a reading) to find the <em>key group</em>, the processor to
 * the canonical {@code by} values of a query to find the <em>state group</em>. Pure and stateless: any thread.
 *
 * @see <a href="https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp">MurmurHash3_x86_32, the
 *     reference</a>
 */
public final class KeyGroups {

    /** The number of key groups of a gateway unless its configuration says otherwise. */
    public static final int DEFAULT_COUNT = 8;

    private KeyGroups() {}

    /**
     * The group of a key.
     *
     * @param key any text; an unpaired surrogate counts as {@code ?}, as in {@link String#getBytes}
     * @param count the number of groups, at least 1
     * @return 0 to {@code count - 1}
     */
    public static int of(String key, int count) {
        return Math.floorMod(murmur3(key.getBytes(UTF_8)), count);
    }

    static int murmur3(byte[] data) {
        int hash = 0;
        int tail = data.length & ~3;
        for (int i = 0; i < tail; i += 4) {
            hash ^= scramble(littleEndian(data, i));
            hash = Integer.rotateLeft(hash, 13) * 5 + 0xe6546b64;
        }
        int rest = 0;
        for (int i = data.length - 1; i >= tail; i--) {
            rest = (rest << 8) | (data[i] & 0xff);
        }
        return finish(hash ^ scramble(rest) ^ data.length);
    }

    private static int littleEndian(byte[] data, int i) {
        return (data[i] & 0xff) | ((data[i + 1] & 0xff) << 8) | ((data[i + 2] & 0xff) << 16) | (data[i + 3] << 24);
    }

    private static int scramble(int k) {
        return Integer.rotateLeft(k * 0xcc9e2d51, 15) * 0x1b873593;
    }

    private static int finish(int hash) {
        int h = hash;
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
