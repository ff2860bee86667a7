package io.tidegate.gateway.decode;

import io.tidegate.protocol.v1.Event;
import java.util.List;

/** What a message turned out to be. */
public sealed interface Decoded {

    /** Readings, one or more, all of one device, each with its time and its receipt. */
    record Events(String device, List<Event> events) implements Decoded {

        /** Copies nothing: the decoder made the list for this. */
        public Events {
            if (events.isEmpty()) {
                throw new IllegalArgumentException("events: [] (expected: at least one)");
            }
        }
    }

    /** A device says that it is there, or its broker says that it is gone. */
    record Status(String device, boolean online) implements Decoded {}

    /** A reading played again by the broker because it was retained: old, and counted as such. */
    record Retained() implements Decoded {}

    /**
     * A dead letter.
     *
     * @param decoder who gave up: the label of a {@link Route.Decoder}, or {@code none} when no route fits
     * @param detail for people, one line, at most {@value Unreadable#LONGEST_DETAIL} characters
     */
    record Rejected(Reason reason, String decoder, String detail) implements Decoded {}
}
