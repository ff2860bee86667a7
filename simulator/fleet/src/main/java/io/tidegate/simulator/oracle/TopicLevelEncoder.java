package io.tidegate.simulator.oracle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The level of a topic that a part of a key becomes, as the contract says it: each UTF-8 byte outside of {@code A-Z a-z 0-9
 * _ . ~ -} as {@code %XX}; nothing is {@code %}; of more than 128 characters the first 100 without a cut escape, {@code %~}
 * and 16 digits of the SHA-256. The oracle's own, so that an error in the product's can show.
 */
public final class TopicLevelEncoder {

    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~-";
    private static final int LONGEST = 128;
    private static final int BEGINNING = 100;
    private static final int DIGEST_BYTES = 8;

    private TopicLevelEncoder() {}

    /** Of a text. */
    public static String of(String text) {
        if (text.isEmpty()) {
            return "%";
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<String> parts = new ArrayList<>();
        for (byte one : bytes) {
            String character = String.valueOf((char) Byte.toUnsignedInt(one));
            parts.add(
                    PLAIN.contains(character)
                            ? character
                            : "%" + HexFormat.of().withUpperCase().toHexDigits(one));
        }
        String whole = String.join("", parts);
        return whole.length() <= LONGEST ? whole : beginning(parts) + "%~" + digest(bytes);
    }

    private static String beginning(List<String> parts) {
        StringBuilder beginning = new StringBuilder();
        for (String part : parts) {
            if (beginning.length() + part.length() > BEGINNING) {
                break;
            }
            beginning.append(part);
        }
        return beginning.toString();
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(sha, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
