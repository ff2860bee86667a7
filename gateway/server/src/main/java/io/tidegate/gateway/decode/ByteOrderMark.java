package io.tidegate.gateway.decode;

/** The byte order mark that programs of Windows put in front of a text. */
public final class ByteOrderMark {

    private static final int LENGTH = 3;

    private ByteOrderMark() {}

    /** Where the text begins: behind the mark of UTF-8, if it is there. */
    public static int skip(byte[] bytes, int from, int to) {
        boolean there = to - from >= LENGTH
                && bytes[from] == (byte) 0xef
                && bytes[from + 1] == (byte) 0xbb
                && bytes[from + 2] == (byte) 0xbf;
        return there ? from + LENGTH : from;
    }

    /** Whether the text is UTF-16, as its mark says. */
    public static boolean isUtf16(byte[] bytes, int from, int to) {
        return to - from >= 2
                && ((bytes[from] == (byte) 0xff && bytes[from + 1] == (byte) 0xfe)
                        || (bytes[from] == (byte) 0xfe && bytes[from + 1] == (byte) 0xff));
    }
}
