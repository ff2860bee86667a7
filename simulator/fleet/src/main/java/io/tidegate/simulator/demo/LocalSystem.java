package io.tidegate.simulator.demo;

import io.tidegate.simulator.demo.Chain.Stopped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Broker, gateway and processor as the demo starts them, with the queries of a file. One thread. */
public final class LocalSystem implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final long LOOK_AROUND_MS = 250;
    private static final int LAST_LINES = 25;

    private final Workplace workplace;
    private final Chain chain;
    private boolean keep;

    private LocalSystem(Workplace workplace, Chain chain) {
        this.workplace = workplace;
        this.chain = chain;
    }

    /**
     * Starts all three; they are not ready yet.
     *
     * @param processor the processor's configuration; addresses and folders in it are replaced
     */
    public static LocalSystem start(Path launcher, Path processor) throws IOException {
        Workplace workplace = Workplace.prepare(Ports.choose(), 1, 1);
        Chain chain = new Chain(launcher, workplace);
        LocalSystem system = new LocalSystem(workplace, chain);
        chain.start(workplace.processor(processor));
        return system;
    }

    /** Waits until it takes events; false when it does not come up, or the latch falls. */
    public boolean awaitReady(CountDownLatch stop) throws InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (!gateway().isReady() || !processor().isReady()) {
            if (chain.dead().isPresent() || System.nanoTime() > deadline) {
                keep = true;
                chain.dead().ifPresent(program -> {
                    System.err.println(program.ending() + "; the last it said:");
                    program.lastLines(LAST_LINES).forEach(System.err::println);
                });
                return false;
            }
            if (stop.await(LOOK_AROUND_MS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    /** {@code tcp://host:port} of the broker. */
    public String broker() {
        return workplace.broker();
    }

    /** The gateway's pages. */
    public Endpoint gateway() {
        return workplace.gatewayPages();
    }

    /** The processor's pages. */
    public Endpoint processor() {
        return workplace.processorPages();
    }

    /** Keeps state and logs. */
    public void keep() {
        keep = true;
    }

    /** Stops everything in order and removes its folder, unless it is to be kept. */
    @Override
    public void close() throws IOException, InterruptedException {
        for (Stopped unclean : chain.stopAll()) {
            System.err.println("not stopped cleanly: " + unclean.ending());
            keep = true;
        }
        if (keep) {
            System.err.println("logs and state are kept in " + workplace.folder());
        } else {
            workplace.delete();
        }
    }
}
