package io.tidegate.simulator.load;

import java.util.Locale;

/** What takes the messages. */
enum Phase {
    SUBSCRIBER,
    GATEWAY,
    CHAIN;

    /** As it is written in options and reports. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
