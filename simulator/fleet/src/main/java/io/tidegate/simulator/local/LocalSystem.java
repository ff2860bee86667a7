package io.tidegate.simulator.local;

import io.tidegate.simulator.local.SystemProcesses.Stopped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Broker, gateway and processor in a folder of their own, with the queries of a file. One thread. */
public final class LocalSystem implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final long LOOK_AROUND_MS = 250;
    private static final int LAST_LINES = 25;

    private final SystemFolder folder;
    private final SystemProcesses processes;
    private boolean keep;

    private LocalSystem(SystemFolder folder, SystemProcesses processes) {
        this.folder = folder;
        this.processes = processes;
    }

    /**
     * Starts all three; they are not ready yet.
     *
     * @param processor the processor's configuration; addresses and folders in it are replaced
     * @param ownDatabase whether its database is replaced too
     */
    public static LocalSystem start(Path launcher, Path processor, boolean ownDatabase) throws IOException {
        SystemFolder folder = SystemFolder.prepare(Ports.choose(), 1, 1);
        SystemProcesses processes = new SystemProcesses(launcher, folder);
        LocalSystem system = new LocalSystem(folder, processes);
        List<String> arguments = new ArrayList<>(folder.processorArguments(processor));
        if (ownDatabase) {
            arguments.add("-Dtidegate.processor.jdbc.url=" + folder.database());
            arguments.add("-Dh2.bindAddress=127.0.0.1");
        }
        processes.start(arguments);
        return system;
    }

    /** Waits until it takes events; false when it does not come up, or the latch falls. */
    public boolean awaitReady(CountDownLatch stop) throws InterruptedException {
        Deadline deadline = Deadline.in(START_PATIENCE);
        while (!gateway().isReady() || !processor().isReady()) {
            if (processes.exited().isPresent() || deadline.isOver()) {
                keep = true;
                processes.exited().ifPresent(program -> {
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
        return folder.broker();
    }

    /** The URL of its own database. */
    public String database() {
        return folder.database();
    }

    /** The gateway's pages. */
    public Endpoint gateway() {
        return folder.gatewayPages();
    }

    /** The processor's pages. */
    public Endpoint processor() {
        return folder.processorPages();
    }

    /** Keeps state and logs. */
    public void keep() {
        keep = true;
    }

    /** Stops everything in order and removes its folder, unless it is to be kept. */
    @Override
    public void close() throws IOException, InterruptedException {
        for (Stopped unclean : processes.stopAll()) {
            System.err.println("not stopped cleanly: " + unclean.ending());
            keep = true;
        }
        if (keep) {
            System.err.println("logs and state are kept in " + folder.path());
        } else {
            folder.delete();
        }
    }
}
