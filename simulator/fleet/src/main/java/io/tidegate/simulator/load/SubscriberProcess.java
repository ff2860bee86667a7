package io.tidegate.simulator.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.simulator.local.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The bare subscriber ({@link SubscriberCommand}) as a JVM of its own, with the heap that the gateway has. */
final class SubscriberProcess implements Target, AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final long END_S = 10;

    private final Process process;
    private volatile long received = -1;
    private long before;
    private volatile boolean closed;

    /** Starts it; it is not connected yet. */
    SubscriberProcess(URI broker, String filter, int receiveMaximum) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        this.process = new ProcessBuilder(List.of(
                        java.toString(),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.tidegate.simulator.Main",
                        "load-subscriber",
                        "--broker=" + broker,
                        "--filter=" + filter,
                        "--receive-maximum=" + receiveMaximum))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        DaemonThread.start("subscriber", this::read);
    }

    /** Waits until it has subscribed. What it has received then counts for nothing. */
    void awaitSubscribed(CountDownLatch stop) throws IOException, InterruptedException {
        if (!Deadline.in(START_PATIENCE).await(stop, () -> received >= 0 || !process.isAlive()) || received < 0) {
            throw new IOException("the subscriber has not subscribed");
        }
        before = received;
    }

    @Override
    public long taken() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("the subscriber has ended");
        }
        return received - before;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Ends with the program, whose output {@link #close} may cut off in the middle of a wait. */
    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                received = Long.parseLong(line);
            }
        } catch (IOException e) {
            if (!closed) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Ends it. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        process.destroy();
        if (!process.waitFor(END_S, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
