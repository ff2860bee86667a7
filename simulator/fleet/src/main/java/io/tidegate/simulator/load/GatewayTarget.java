package io.tidegate.simulator.load;

import io.tidegate.simulator.local.Ledgers;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/** The gateway alone; a message is taken when its readings are in the log, on disk. */
final class GatewayTarget implements Target {
    private final LoadSystem system;
    private final int readingsAMessage;
    private final MemoryUsage memory;
    private long logged;
    private boolean measured;

    GatewayTarget(LoadSystem system, int readingsAMessage) {
        this.system = system;
        this.readingsAMessage = readingsAMessage;
        this.memory = new MemoryUsage(
                system.folder().gatewayPages(),
                Objects.requireNonNull(system.handles().get("gateway")));
    }

    @Override
    public long taken() throws IOException, InterruptedException {
        system.check();
        Ledgers ledgers = Ledgers.read(system.folder().gatewayPages());
        logged = Math.max(logged, ledgers.logged()); // a ledger that does not answer once is no loss
        if (measured) {
            memory.poll();
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
