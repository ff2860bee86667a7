package io.tidegate.simulator.load;

import java.util.Locale;

/** What is measured. */
enum Phase {
    /** A bare subscriber receives. */
    SUBSCRIBER,
    /** The gateway makes durable. */
    GATEWAY,
    /** Gateway and processor turn into results. */
    CHAIN,
    /** Gateway and processor are killed, one after the other, and turn into results again. */
    RECOVERY,
    /** The processor works off what the gateway's log holds already. */
    BACKLOG,
    /** The processor's batches are empty. */
    IDLE,
    /** The processor has more and more keys. */
    GROWTH;

    /** As it is written in options and reports. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
