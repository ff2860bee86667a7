package io.tidegate.gateway.decode;

import java.util.List;
import java.util.Locale;

/**
 * The lines of one file as events: what is wrong with one line is told with its place, and the lines behind it go on. Never
 * throws. Not thread-safe.
 */
public interface LineDecoder extends LineSplitter.Lines {

    /** What lines can be. */
    enum Kind {
        /** Lines of an access log, of any format. */
        WEBLOG,
        /** A reading that names its device, in JSON, a line. */
        READINGS;

        /** The name in configuration and dead letters. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The time of receipt of the lines from here on, in ms. */
    void receivedAt(long receiptMs);

    /** What came since the last time. */
    Decoded.Events take();

    /** The longest line, in bytes. */
    int lineBytes();

    /** What a decoder must be told first that goes on behind the last line. */
    List<String> directives();
}
