package io.tidegate.gateway.decode;

import io.tidegate.protocol.v1.Event;
import java.util.List;

/** What a message turned out to be. */
public sealed interface Decoded {

    /**
     * Events in their order, of any devices or clients, each with its time and its receipt; beside them what else stood in
     * the message and could not be read. Neither need be there, but something is, unless a piece of a log was blank.
     */
    record Events(List<Event> events, List<Damaged> damaged) implements Decoded {

        /** Readings of a message that was read as a whole. Copies nothing: the decoder made the list for this. */
        public static Events of(List<Event> events) {
            return new Events(events, List.of());
        }

        /** How many events of the ledger this is: each line or item that can't be read is one. */
        public long size() {
            return events.size() + rejected();
        }

        /** How many lines or items could not be read. */
        public long rejected() {
            return damaged.stream().mapToLong(Damaged::count).sum();
        }
    }

    /**
     * A part of a message, a line of a log, that could not be read.
     *
     * @param why says where it is, too
     * @param number of the line or item, from 1
     * @param raw its bytes, or the first of them
     * @param length how long it was
     * @param count how many lines or items it stands for: more than 1 when {@link Rejections} has put several together
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Damaged(Rejected why, long number, byte[] raw, long length, long count) {

        /** One line or item. */
        public Damaged(Rejected why, long number, byte[] raw, long length) {
            this(why, number, raw, length, 1);
        }
    }

    /** A device says that it is there, or its broker says that it is gone. */
    record Status(String device, boolean online) implements Decoded {}

    /** A reading played again by the broker because it was retained: old, and counted as such. */
    record Retained() implements Decoded {}

    /**
     * A dead letter.
     *
     * @param decoder who gave up: the label of a {@link io.tidegate.gateway.ingest.mqtt.Route.Decoder}, or {@code none}
     *     when no route fits
     * @param detail for people, one line, at most {@value LONGEST_DETAIL} characters
     */
    record Rejected(Reason reason, String decoder, String detail) implements Decoded {

        private static final int LONGEST_DETAIL = 200;

        /** A rejection whose detail may hold anything: it is cut, and made one line. */
        public static Rejected of(Reason reason, String decoder, String detail) {
            return new Rejected(reason, decoder, oneLine(detail));
        }

        /** The same, behind its detail where that was; {@code place} may hold anything. */
        public Rejected in(String place) {
            return of(reason, decoder, detail + ", " + place);
        }

        /** Cut, and every control character (line ends, escapes of a terminal) made visible as {@code ?}. */
        private static String oneLine(String detail) {
            int length = Math.min(detail.length(), LONGEST_DETAIL);
            StringBuilder line = new StringBuilder(length);
            for (int i = 0; i < length; i++) {
                char c = detail.charAt(i);
                line.append(Character.isISOControl(c) || Character.isSurrogate(c) || isDirection(c) ? '?' : c);
            }
            return line.toString();
        }

        /** Characters that make a terminal write backwards or break a line. */
        private static boolean isDirection(char c) {
            return (c >= '\u200e' && c <= '\u200f')
                    || (c >= '\u2028' && c <= '\u202e')
                    || (c >= '\u2066' && c <= '\u2069');
        }
    }
}
