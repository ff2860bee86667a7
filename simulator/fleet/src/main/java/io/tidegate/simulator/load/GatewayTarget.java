package io.tidegate.simulator.load;

import io.tidegate.simulator.local.Books;
import java.io.IOException;
import java.util.Optional;

/** The gateway alone; a message is taken when its readings are in the log, on disk. */
final class GatewayTarget implements Target {
    private final LoadSystem system;
    private final int readingsAMessage;
    private long logged;

    GatewayTarget(LoadSystem system, int readingsAMessage) {
        this.system = system;
        this.readingsAMessage = readingsAMessage;
    }

    @Override
    public long taken() throws IOException, InterruptedException {
        system.check();
        Books books = Books.of(system.gateway().get("/ledger"), Optional.empty(), Optional.empty());
        logged = Math.max(logged, books.logged()); // nothing is missing because it did not answer for once
        return logged / readingsAMessage;
    }

    /** Readings in the log. */
    long logged() {
        return logged;
    }
}
