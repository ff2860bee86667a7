package io.tidegate.settings;

/**
 * One thing that is wrong with the settings, for people to read.
 *
 * @param where {@code config/processor.conf:12}, {@code environment TIDEGATE_X}, {@code -Dkey}
 * @param key the full key, {@code tidegate.processor.queries[2].slide}; empty when the whole file is meant
 * @param given what stands there, never a secret
 * @param expected what should stand there
 */
public record Mistake(String where, String key, String given, String expected) {

    /** One line: {@code where: key: given … (expected: …)}. */
    @Override
    public String toString() {
        String at = key.isEmpty() ? where : where + ": " + key;
        return at + ": given " + given + " (expected: " + expected + ")";
    }
}
