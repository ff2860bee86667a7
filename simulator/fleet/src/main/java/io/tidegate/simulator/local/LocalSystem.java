package io.tidegate.simulator.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The programs of a system on this machine, with a folder of their own. They are started through the launcher and stopped in
 * the opposite order. One thread.
 */
public class LocalSystem implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(90);

    /** For a system that lives for a minute or two: to be up at once matters more than the speed that comes later. */
    private static final Map<String, String> QUICK_START =
            Map.of("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");

    private final Path launcher;
    private final SystemFolder folder;
    private final Map<String, String> environment;
    private final Deque<LocalProcess> running = new ArrayDeque<>();
    private boolean keep;

    /**
     * Starts nothing yet.
     *
     * @param environment of the programs, where it is not set already
     */
    protected LocalSystem(Path launcher, SystemFolder folder, Map<String, String> environment) {
        this.launcher = launcher;
        this.folder = folder;
        this.environment = environment;
    }

    /** A system that is up soon and never becomes fast. Nothing is started yet. */
    public static LocalSystem quick(Path launcher, SystemFolder folder) {
        return new LocalSystem(launcher, folder, QUICK_START);
    }

    /**
     * The launcher that has started this program.
     *
     * @throws IOException when it was started in another way
     */
    public static Path launcher() throws IOException {
        String launcher = System.getProperty("tidegate.launcher");
        if (launcher == null) {
            throw new IOException("tidegate.launcher: not set (expected: this command is started by ./tidegate)");
        }
        return Path.of(launcher);
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
     * @throws IOException when a program has ended, or that takes too long; then the folder is kept
     * @throws InterruptedException when the latch falls
     */
    public void awaitReady(CountDownLatch stop) throws IOException, InterruptedException {
        if (!Deadline.in(START_PATIENCE).await(stop, this::isReady)) {
            keep = true;
            throw new IOException("not ready within " + START_PATIENCE.toSeconds() + " s: "
                    + running.stream().map(LocalProcess::name).toList());
        }
    }

    private boolean isReady() throws IOException, InterruptedException {
        check();
        boolean processor = running.stream().anyMatch(process -> process.name().equals("processor"));
        return folder.gatewayPages().isReady()
                && (!processor || folder.processorPages().isReady());
    }

    /** Fails when a program has ended although nobody stopped it, with its last lines; then the folder is kept. */
    public void check() throws IOException {
        for (LocalProcess process : running) {
            keep |= !process.isAlive();
            process.check();
        }
    }

    /** Ends the program of this name with SIGKILL and starts it again at once, with the same arguments and the same state. */
    public void killAndRestart(String name) throws IOException, InterruptedException {
        for (LocalProcess process : running) {
            if (process.name().equals(name)) {
                process.killAndRestart();
            }
        }
    }

    /** The programs that were started and not stopped, in the order of their start. */
    public List<LocalProcess> processes() {
        return List.copyOf(running);
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
