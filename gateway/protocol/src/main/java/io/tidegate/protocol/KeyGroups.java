package io.tidegate.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.commons.codec.digest.MurmurHash3;

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
        return MurmurHash3.hash32x86(data, 0, data.length, 0);
    }
}
