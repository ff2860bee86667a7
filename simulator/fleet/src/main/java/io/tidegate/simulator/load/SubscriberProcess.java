package io.tidegate.simulator.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The bare subscriber ({@link SubscriberCommand}) as a JVM of its own, with the heap that the gateway has. */
final class SubscriberProcess implements AutoCloseable {
    private static final long END_S = 10;

    private final Process process;
    private volatile long received = -1;
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
        Thread reader = new Thread(this::read, "subscriber");
        reader.setDaemon(true);
        reader.start();
    }

    /** Messages that it has received and acknowledged; -1 before it has subscribed. */
    long received() {
        return received;
    }

    boolean isAlive() {
        return process.isAlive();
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
