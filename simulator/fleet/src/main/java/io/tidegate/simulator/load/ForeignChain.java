package io.tidegate.simulator.load;

import io.tidegate.simulator.local.Deadline;
import io.tidegate.simulator.local.LocalProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A chain of somebody else's in the place of gateway and processor: a command of the shell, in the folder that this program was
 * started in. What it is told and what it must do is in docs/performance.md. One thread.
 */
final class ForeignChain implements AutoCloseable {
    /** What messages and reports call it. */
    static final String NAME = "system";

    private static final String READY = "ready";
    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final long STOP_PATIENCE_S = 20;

    private final Path folder = Files.createTempDirectory("tidegate-system-");
    private final LocalProcess shell;
    private boolean keep = true;

    /** Starts it; it is not ready yet. Its output is kept unless the phase says that everything went well. */
    ForeignChain(String command, URI broker) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
        builder.environment()
                .putAll(Map.of(
                        "TIDEGATE_BROKER", broker.toString(),
                        "TIDEGATE_FILTER", LoadRun.FILTER,
                        "TIDEGATE_TOTALS", ResultSubscriber.TOTALS,
                        "TIDEGATE_WINDOWS", ResultSubscriber.MINUTE));
        shell = LocalProcess.start(NAME, folder, builder);
    }

    /** Waits until it has printed a line that says so. */
    void awaitReady(CountDownLatch stop) throws IOException, InterruptedException {
        if (!Deadline.in(START_PATIENCE).await(stop, this::isReady)) {
            throw new IOException(
                    NAME + " has not printed the line \"" + READY + "\" within " + START_PATIENCE.toSeconds() + " s");
        }
    }

    private boolean isReady() throws IOException {
        boolean ready = shell.lastLines(Integer.MAX_VALUE).contains(READY);
        shell.check();
        return ready;
    }

    /** Fails when the command has ended. */
    void check() throws IOException {
        shell.check();
    }

    /** The shell, whose descendants are the rest. */
    ProcessHandle handle() {
        return shell.handle();
    }

    /** Says whether its output stays when it is closed. */
    void keep(boolean kept) {
        keep = kept;
    }

    /** Sends SIGTERM to the shell and to all that it has started, waits, and kills what is left. */
    @Override
    public void close() throws IOException {
        List<ProcessHandle> all =
                Stream.concat(Stream.of(handle()), handle().descendants()).toList();
        all.forEach(ProcessHandle::destroy);
        CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, STOP_PATIENCE_S, TimeUnit.SECONDS)
                .join();
        all.forEach(ProcessHandle::destroyForcibly);
        if (keep) {
            System.err.println("what the " + NAME + " printed is kept in " + folder);
        } else {
            Files.delete(folder.resolve(NAME + ".log"));
            Files.delete(folder);
        }
    }
}
