package io.tidegate.broker;

import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.client.parameter.ServerInformation;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A running broker on 127.0.0.1. Sessions, queues and retained messages live in memory and end with it.
 *
 * <p>Limits worth knowing: {@value #QUEUED_MESSAGES} messages wait for a subscriber, then new ones are dropped; a
 * publisher may have {@value #RECEIVE_MAXIMUM} messages in flight; no topic aliases.
 */
final class Broker implements AutoCloseable {
    static final int QUEUED_MESSAGES = 1_000_000;
    static final int RECEIVE_MAXIMUM = 1_000;
    private static final long START_SECONDS = 60;

    private final EmbeddedHiveMQ server;
    private final Path folder;
    private final int port;

    private Broker(EmbeddedHiveMQ server, Path folder, int port) {
        this.server = server;
        this.folder = folder;
        this.port = port;
    }

    /**
     * Starts a broker and returns when it takes connections.
     *
     * @param port the TCP port on 127.0.0.1, 0 for any free one
     * @throws IOException when it can't start, for example because the port is taken
     */
    static Broker start(int port) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("tidegate-broker-");
        PortReader reader = new PortReader();
        EmbeddedHiveMQ server = EmbeddedHiveMQ.builder()
                .withConfigurationFolder(writeConfiguration(folder, port))
                .withDataFolder(Files.createDirectory(folder.resolve("data")))
                .withExtensionsFolder(Files.createDirectory(folder.resolve("extensions")))
                .withEmbeddedExtension(EmbeddedExtension.builder()
                        .withId("tidegate-port-reader")
                        .withName("Tells the port")
                        .withVersion("1")
                        .withExtensionMain(reader)
                        .build())
                .withoutLoggingBootstrap()
                .build();
        try {
            server.start().get(START_SECONDS, TimeUnit.SECONDS);
            return new Broker(server, folder, reader.port());
        } catch (ExecutionException | TimeoutException e) {
            delete(folder);
            throw new IOException("the broker can't listen on 127.0.0.1:" + port + " (expected: a free port)", e);
        }
    }

    /** The port that it listens on. */
    int port() {
        return port;
    }

    /** Stops the broker and removes its files. Idempotent. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker did not stop cleanly", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            delete(folder);
        }
    }

    private static Path writeConfiguration(Path folder, int port) throws IOException {
        Path configuration = Files.createDirectory(folder.resolve("conf"));
        try (InputStream template = Broker.class.getResourceAsStream("broker.xml")) {
            if (template == null) {
                throw new IOException("broker.xml is not on the class path");
            }
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@port@", Integer.toString(port))
                    .replace("@queued-messages@", Integer.toString(QUEUED_MESSAGES))
                    .replace("@receive-maximum@", Integer.toString(RECEIVE_MAXIMUM));
            Files.writeString(configuration.resolve("config.xml"), text);
        }
        return configuration;
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return; // a second close
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the broker's temporary folder can't be removed: " + folder, e);
        }
    }

    /** HiveMQ tells the port that it was given by the system to its extensions only. */
    private static final class PortReader implements ExtensionMain {
        private final CompletableFuture<ServerInformation> information = new CompletableFuture<>();

        @Override
        public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
            information.complete(input.getServerInformation());
        }

        @Override
        public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {
            // nothing is held
        }

        int port() {
            return information.join().getListener().iterator().next().getPort();
        }
    }
}
