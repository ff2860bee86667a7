package io.tidegate.simulator.load;

import io.tidegate.simulator.local.Ledgers;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The gateway alone; a message is taken when its readings are in the log, on disk. */
final class GatewayTarget implements Target {
    private static final long LOOK_AT_MEMORY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LoadSystem system;
    private final int readingsAMessage;
    private final MemoryUsage memory;
    private long logged;
    private boolean measured;
    private long lookedNanos = System.nanoTime();

    GatewayTarget(LoadSystem system, int readingsAMessage) {
        this.system = system;
        this.readingsAMessage = readingsAMessage;
        this.memory = new MemoryUsage(
                system.gateway(), Objects.requireNonNull(system.handles().get("gateway")));
    }

    @Override
    public long taken() throws IOException, InterruptedException {
        system.check();
        Ledgers ledgers = Ledgers.read(system.gateway());
        logged = Math.max(logged, ledgers.logged()); // nothing is missing because it did not answer for once
        if (measured && System.nanoTime() - lookedNanos > LOOK_AT_MEMORY_NANOS) {
            memory.poll();
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
    Optional<MemoryUsage.Figures> memory() {
        return memory.figures();
    }

    /** Readings in the log. */
    long logged() {
        return logged;
    }
}
