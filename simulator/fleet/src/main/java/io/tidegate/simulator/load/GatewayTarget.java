package io.tidegate.simulator.load;

import io.tidegate.simulator.local.Books;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The gateway alone; a message is taken when its readings are in the log, on disk. */
final class GatewayTarget implements Target {
    private static final long LOOK_AT_MEMORY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LoadSystem system;
    private final int readingsAMessage;
    private final MemoryWatch memory;
    private long logged;
    private boolean measured;
    private long lookedNanos = System.nanoTime();

    GatewayTarget(LoadSystem system, int readingsAMessage) {
        this.system = system;
        this.readingsAMessage = readingsAMessage;
        this.memory = new MemoryWatch(system.gateway(), system.process("gateway"));
    }

    @Override
    public long taken() throws IOException, InterruptedException {
        system.check();
        Books books = Books.of(system.gateway().get("/ledger"), Optional.empty(), Optional.empty());
        logged = Math.max(logged, books.logged()); // nothing is missing because it did not answer for once
        if (measured && System.nanoTime() - lookedNanos > LOOK_AT_MEMORY_NANOS) {
            memory.look();
            lookedNanos = System.nanoTime();
        }
        return logged / readingsAMessage;
    }

    @Override
    public void measuring(long nowNanos) {
        measured = true;
    }

    @Override
    public void measured() {
        measured = false;
    }

    /** Of the measured time; empty when it was too short. */
    Optional<MemoryWatch.Figures> memory() {
        return memory.figures();
    }

    /** Readings in the log. */
    long logged() {
        return logged;
    }
}
