package io.tidegate.simulator.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The programs of a system, in the order in which they were started. They are stopped in the opposite order. */
public final class SystemProcesses {
    private static final Duration PATIENCE = Duration.ofSeconds(70);

    private final Path launcher;
    private final SystemFolder folder;
    private final Deque<LocalProcess> running = new ArrayDeque<>();

    /** Nothing is started yet. */
    public SystemProcesses(Path launcher, SystemFolder folder) {
        this.launcher = launcher;
        this.folder = folder;
    }

    /**
     * Starts what can be started at once; each waits by itself for those that it needs.
     *
     * @param processor what the launcher is told for the processor
     */
    public void start(List<String> processor) throws IOException {
        launch(
                "broker",
                List.of(
                        "simulator",
                        "broker",
                        "--port",
                        Integer.toString(folder.ports().mqtt())));
        launch(
                "gateway",
                List.of("gateway", "--config", folder.settings("gateway").toString()));
        launch("processor", processor);
    }

    /**
     * Starts sending; before the gateway has subscribed the broker would keep nothing for it.
     *
     * @param options beside the folder's settings
     */
    public void startFleet(List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "simulator", "run", "--config", folder.settings("simulator").toString()));
        arguments.addAll(options);
        launch("fleet", arguments);
    }

    /** A program that ended although nobody stopped it. */
    public Optional<LocalProcess> exited() {
        return running.stream().filter(program -> !program.isAlive()).findFirst();
    }

    /** Stops the one that was started last; what it printed last, or how it failed. */
    public Stopped stopLast() throws InterruptedException {
        LocalProcess program = running.removeLast();
        boolean clean = program.stop(PATIENCE);
        return new Stopped(program.name(), clean, program.lastLines(2), program.ending());
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

    private void launch(String name, List<String> arguments) throws IOException {
        running.addLast(LocalProcess.start(name, launcher, folder, arguments));
    }

    /** How a program came to its end. */
    public record Stopped(String name, boolean clean, List<String> lastLines, String ending) {}
}
