package io.tidegate.gateway.decode.accesslog;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in front of a line by the custom that RFC 3164 describes: a time, a host, a tag, each of which may be missing. The
 * time is read as widely as senders write it, so that no part of it is left over and taken for something else; it is not kept.
 *
 * @param hasTime whether a time is there
 * @param host who logged it, if the header says so
 * @param end where the line behind it begins
 */
public record SyslogHeader(boolean hasTime, Optional<String> host, int end) {

    private static final String DAY_TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:[.,]\\d{1,9})?";

    private static final String DAY =
            "[*.]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(?:0?[1-9]|[12]\\d|3[01])";

    /** A host could have the name of a zone, but hardly one of these. */
    private static final String ZONE =
            "(?:UTC|GMT|WET|WEST|CET|CEST|EET|EEST|MSK|BST|IST|JST|[AECMP][SD]T|[A-Z]{1,4}[+-]\\d{1,4})";

    /** {@code Nov 23 07:40:02}, with a year in front, behind the day or at the end, with a fraction, with a zone. */
    private static final String OLD = "(?:\\d{4} )?" + DAY + "(?: \\d{4})? " + DAY_TIME + "(?: " + ZONE
            + "(?= |:))?(?: [A-Z]{3,4}(?= \\d{4} ))?(?: \\d{4}(?= ))?";

    private static final String ISO = "\\d{4}[-/](?:0[1-9]|1[0-2])[-/](?:0[1-9]|[12]\\d|3[01])[T ]" + DAY_TIME
            + "(?:Z|[+-](?:[01]\\d|2[0-3]):?[0-5]\\d)?";

    private static final String EPOCH = "\\d{10}(?:\\.\\d{1,9})?";

    private static final Pattern TIME = Pattern.compile("(?:" + OLD + "|" + ISO + "|" + EPOCH + "):?(?: |$)");

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%\\[\\]-]{1,255} ");

    /** A space behind the colon: an IPv6 address and a virtual host with its port are no tags, and JSON has quotes. */
    private static final Pattern TAG =
            Pattern.compile("[!-~&&[^:\\[{\"<,]]{1,128}(?:\\[[!-~&&[^\\]]]{0,128}\\])?:(?: |$)");

    /**
     * Reads the header of a text, a character a byte.
     *
     * @param from where it begins, behind the priority if there is one
     */
    public static SyslogHeader read(String text, int from) {
        int behindTime = behind(TIME, text, from);
        int at = Math.max(from, behindTime);
        boolean hasTime = behindTime >= 0;
        // Who leaves its name out, as nginx can, begins with its tag.
        int behindTag = behind(TAG, text, at);
        if (behindTag >= 0) {
            return new SyslogHeader(hasTime, Optional.empty(), behindTag);
        }
        int behindHost = behind(HOST, text, at);
        int end = behindHost < 0 ? -1 : behind(TAG, text, behindHost);
        if (behindHost < 0 || (!hasTime && end < 0)) {
            return new SyslogHeader(hasTime, Optional.empty(), at);
        }
        Optional<String> host = Optional.of(text.substring(at, behindHost - 1)).filter(name -> !name.equals("-"));
        return new SyslogHeader(hasTime, host, Math.max(behindHost, end));
    }

    /** -1: it is not there. */
    private static int behind(Pattern pattern, String text, int from) {
        Matcher matcher = pattern.matcher(text).region(from, text.length());
        matcher.useTransparentBounds(true);
        return matcher.lookingAt() ? matcher.end() : -1;
    }
}
