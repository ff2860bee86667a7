package io.tidegate.simulator.load;

import io.tidegate.simulator.local.Deadline;
import io.tidegate.simulator.local.LocalProcess;
import io.tidegate.simulator.local.SystemFolder;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * The broker of all phases: mosquitto where it is installed, which keeps nothing on disk and any number of messages in
 * memory; else the embedded one; or one that runs already.
 *
 * @param name what the report calls it
 * @param program empty when it is not ours
 */
record LoadBroker(String name, URI address, Optional<LocalProcess> program) implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofMinutes(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    private static final int CONNECT_MS = 500;

    /** One that somebody else started. */
    static LoadBroker running(URI address) {
        return new LoadBroker(address.toString(), address, Optional.empty());
    }

    /** Starts one on the folder's port, with its settings and its log in the folder's folder. */
    static LoadBroker start(Path launcher, SystemFolder folder) throws IOException, InterruptedException {
        URI address = URI.create(folder.broker());
        Optional<Path> mosquitto = installed();
        if (mosquitto.isEmpty()) {
            List<String> embedded =
                    List.of(launcher.toString(), "simulator", "broker", "--port", String.valueOf(address.getPort()));
            return new LoadBroker("embedded", address, Optional.of(launch(folder, embedded)));
        }
        Path configuration = folder.path().resolve("mosquitto.conf");
        Files.writeString(configuration, """
                listener %d 127.0.0.1
                allow_anonymous true
                persistence false
                max_queued_messages 0
                max_inflight_messages 1000
                log_type error
                log_type warning
                """.formatted(address.getPort()));
        String program = mosquitto.get().toString();
        return new LoadBroker(
                version(program),
                address,
                Optional.of(launch(folder, List.of(program, "-c", configuration.toString()))));
    }

    private static LocalProcess launch(SystemFolder folder, List<String> command) throws IOException {
        return LocalProcess.start("broker", folder.path(), command, Map.of());
    }

    /** Waits until it takes connections. */
    void awaitReady(CountDownLatch stop) throws IOException, InterruptedException {
        if (!Deadline.in(START_PATIENCE).await(stop, this::takesConnections)) {
            throw new IOException(address + ": no connection within " + START_PATIENCE.toSeconds() + " s");
        }
    }

    private boolean takesConnections() throws IOException {
        if (program.isPresent() && !program.get().isAlive()) {
            throw new IOException(program.get().ending() + ": " + program.get().lastLines(5));
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Debian puts servers into a folder that is not on everybody's path. */
    private static Optional<Path> installed() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "mosquitto"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** What it says first of itself. */
    private static String version(String program) throws IOException, InterruptedException {
        Process help =
                new ProcessBuilder(program, "-h").redirectErrorStream(true).start();
        String text = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        help.waitFor();
        return text.lines().findFirst().orElse("mosquitto");
    }

    /** Ends it when it is ours. */
    @Override
    public void close() throws InterruptedException {
        if (program.isPresent()) {
            program.get().stop(STOP_PATIENCE);
        }
    }
}
