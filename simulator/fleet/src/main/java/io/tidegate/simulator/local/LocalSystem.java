package io.tidegate.simulator.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The programs of a system on this machine, with a folder of their own. They are started through the launcher and stopped in
 * the opposite order. One thread.
 */
public final class LocalSystem implements AutoCloseable {

    /** How long {@link #awaitReady} waits. */
    public static final Duration START_PATIENCE = Duration.ofMinutes(3);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(90);
    private static final long LOOK_AROUND_MS = 250;
    private static final int LAST_LINES = 25;

    /** For a system that lives for a minute or two: to be up at once matters more than the speed that comes later. */
    private static final Map<String, String> QUICK_START =
            Map.of("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");

    private final Path launcher;
    private final SystemFolder folder;
    private final Map<String, String> environment;
    private final Deque<LocalProcess> running = new ArrayDeque<>();
    private boolean keep;

    private LocalSystem(Path launcher, SystemFolder folder, Map<String, String> environment) {
        this.launcher = launcher;
        this.folder = folder;
        this.environment = environment;
    }

    /** A system that is up soon and never becomes fast. Nothing is started yet. */
    public static LocalSystem quick(Path launcher, SystemFolder folder) {
        return new LocalSystem(launcher, folder, QUICK_START);
    }

    /** A system whose programs run as they do for users, for measurements. Nothing is started yet. */
    public static LocalSystem atFullSpeed(Path launcher, SystemFolder folder) {
        return new LocalSystem(launcher, folder, Map.of());
    }

    /** Its settings, addresses and logs. */
    public SystemFolder folder() {
        return folder;
    }

    /** Starts a program with these arguments of the launcher; its output goes into the folder, under the name. */
    public LocalProcess start(String name, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(arguments);
        LocalProcess process = LocalProcess.start(name, folder.path(), command, environment);
        running.addLast(process);
        return process;
    }

    /** Starts broker, gateway and a processor with these arguments; each waits by itself for those that it needs. */
    public void startAll(List<String> processor) throws IOException {
        String port = Integer.toString(folder.ports().mqtt());
        start("broker", List.of("simulator", "broker", "--port", port));
        start(
                "gateway",
                List.of("gateway", "--config", folder.settings("gateway").toString()));
        start("processor", processor);
    }

    /**
     * Waits until the gateway, and the processor when it was started, are ready.
     *
     * @return false when that takes too long, or the latch falls
     * @throws IOException when a program has ended
     */
    public boolean awaitReady(CountDownLatch stop) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(START_PATIENCE);
        boolean processor = running.stream().anyMatch(process -> process.name().equals("processor"));
        while (!folder.gatewayPages().isReady()
                || (processor && !folder.processorPages().isReady())) {
            check();
            if (deadline.isOver() || stop.await(LOOK_AROUND_MS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    /** Fails when a program has ended, with its last lines. */
    public void check() throws IOException {
        Optional<LocalProcess> exited = exited();
        if (exited.isPresent()) {
            throw new IOException(exited.get().ending() + "; the last it said:\n"
                    + String.join("\n", exited.get().lastLines(LAST_LINES)));
        }
    }

    /** The programs that were started and not stopped, in the order of their start. */
    public List<LocalProcess> processes() {
        return List.copyOf(running);
    }

    /** A program that ended although nobody stopped it. */
    public Optional<LocalProcess> exited() {
        return running.stream().filter(process -> !process.isAlive()).findFirst();
    }

    /** Stops the one that was started last; what it printed last, or how it failed. */
    public Stopped stopLast() throws InterruptedException {
        LocalProcess process = running.removeLast();
        boolean clean = process.stop(STOP_PATIENCE);
        return new Stopped(process.name(), clean, process.lastLines(2), process.ending());
    }

    /** Stops all that are left and tells of those that did not end cleanly. */
    public List<Stopped> stopAll() throws InterruptedException {
        List<Stopped> unclean = new ArrayList<>();
        while (!running.isEmpty()) {
            Stopped stopped = stopLast();
            if (!stopped.clean()) {
                unclean.add(stopped);
            }
        }
        return unclean;
    }

    /** Says whether state and logs stay when the system is closed; at first they do not. */
    public void keep(boolean kept) {
        keep = kept;
    }

    /** Stops everything in order and removes its folder, unless it is to be kept. */
    @Override
    public void close() throws IOException, InterruptedException {
        for (Stopped unclean : stopAll()) {
            System.err.println("not stopped cleanly: " + unclean.ending());
            keep = true;
        }
        if (keep) {
            System.err.println("logs and state are kept in " + folder.path());
        } else {
            folder.delete();
        }
    }

    /** How a program came to its end. */
    public record Stopped(String name, boolean clean, List<String> lastLines, String ending) {}
}
