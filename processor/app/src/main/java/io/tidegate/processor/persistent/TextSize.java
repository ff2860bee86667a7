package io.tidegate.processor.persistent;

/** About how much memory the characters of texts take: whatever else there is of a text is in its owner's estimate. */
public final class TextSize {

    private static final int LAST_OF_LATIN_1 = 0xFF;

    private TextSize() {}

    /** Of one text: a byte for each character, or two when one of them is beyond Latin-1. */
    public static long of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > LAST_OF_LATIN_1) {
                return 2L * text.length();
            }
        }
        return text.length();
    }

    /** Of some. */
    public static long of(Iterable<String> texts) {
        long bytes = 0;
        for (String text : texts) {
            bytes += of(text);
        }
        return bytes;
    }
}
