package io.tidegate.simulator.load;

import io.tidegate.simulator.local.Deadline;
import io.tidegate.simulator.local.Endpoint;
import io.tidegate.simulator.local.LocalProcess;
import io.tidegate.simulator.local.Ports;
import io.tidegate.simulator.local.SystemFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A gateway, and a processor when asked for, with a new folder, as {@code ./tidegate} starts them. One thread. */
final class LoadSystem implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(90);
    private static final long LOOK_AROUND_MS = 250;
    private static final int LAST_LINES = 25;
    /** What the gateway's sources call themselves, unless they are told otherwise. */
    private static final String GATEWAY_CLIENT = "tidegate-gateway-";

    private final Path launcher;
    private final SystemFolder folder;
    private final URI broker;
    private final int connections;
    private final Map<String, LocalProcess> programs = new LinkedHashMap<>();
    private boolean keep = true;

    /** Nothing runs yet. Ports are chosen now and not for the whole run: a free one does not stay so for minutes. */
    LoadSystem(Path launcher, URI broker, int connections) throws IOException {
        this.launcher = launcher;
        this.folder = SystemFolder.prepare(Ports.choose(), 1, 1);
        this.broker = broker;
        this.connections = connections;
    }

    /**
     * Starts the gateway; it is not ready yet. What the broker has kept for the gateway of another phase is forgotten before: a
     * busy broker has not read all acknowledgements when that gateway ends, and would deliver again what they are about.
     */
    void startGateway() throws IOException {
        List<String> sources =
                IntStream.rangeClosed(1, connections).mapToObj(i -> "mqtt-" + i).toList();
        for (String source : sources) {
            new RawMqttConnection(broker, GATEWAY_CLIENT + source).close();
        }
        String filter = connections > 1 ? "$share/load/" + LoadRun.FILTER : LoadRun.FILTER;
        String configured = sources.stream()
                .map(source -> "{name = %s, filters = [\"%s\"]}".formatted(source, filter))
                .collect(Collectors.joining(", ", "[", "]"));
        launch(
                "gateway",
                List.of(
                        "gateway",
                        "--config",
                        folder.settings("gateway").toString(),
                        "-Dtidegate.gateway.devices.silence=5m",
                        "-Dtidegate.gateway.mqtt.broker=" + broker,
                        "-Dtidegate.gateway.sources=" + configured));
    }

    /** Starts the processor with the queries of a file of this package; it is not ready yet. */
    void startProcessor(String queries) throws IOException {
        Path configuration = folder.path().resolve("load.conf");
        try (InputStream shipped = LoadSystem.class.getResourceAsStream(queries)) {
            if (shipped == null) {
                throw new IOException(queries + " is not on the class path");
            }
            Files.copy(shipped, configuration);
        }
        List<String> arguments = new ArrayList<>(folder.processorArguments(configuration));
        arguments.add("-Dtidegate.processor.mqtt.broker=" + broker); // the last one wins
        launch("processor", arguments);
    }

    private void launch(String name, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(arguments);
        programs.put(name, LocalProcess.start(name, folder.path(), command, Map.of()));
    }

    /** Waits until all that was started is ready. */
    void awaitReady(CountDownLatch stop) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(START_PATIENCE);
        while (!gateway().isReady()
                || (programs.containsKey("processor") && !processor().isReady())) {
            check();
            if (deadline.isOver()) {
                throw new IOException("not ready within " + START_PATIENCE.toSeconds() + " s: " + programs.keySet());
            }
            if (stop.await(LOOK_AROUND_MS, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("stopped");
            }
        }
    }

    /** Fails when one of them has ended. */
    void check() throws IOException {
        for (LocalProcess program : programs.values()) {
            if (!program.isAlive()) {
                throw new IOException(
                        program.ending() + "; the last it said:\n" + String.join("\n", program.lastLines(LAST_LINES)));
            }
        }
    }

    Endpoint gateway() {
        return folder.gatewayPages();
    }

    Endpoint processor() {
        return folder.processorPages();
    }

    /** What the ledgers can't explain, by component; -1 when one does not answer. */
    Map<String, Long> residuals() throws InterruptedException {
        Map<String, Long> residuals = new LinkedHashMap<>();
        for (String name : programs.keySet()) {
            Endpoint pages = name.equals("gateway") ? gateway() : processor();
            residuals.put(
                    name,
                    pages.get("/ledger")
                            .map(ledger -> ledger.path("residual").asLong(-1))
                            .orElse(-1L));
        }
        return residuals;
    }

    /** The process of what was started under this name. */
    ProcessHandle process(String name) {
        return Objects.requireNonNull(programs.get(name), name).handle();
    }

    /** The processes, by name. */
    Map<String, ProcessHandle> handles() {
        Map<String, ProcessHandle> handles = new LinkedHashMap<>();
        programs.forEach((name, program) -> handles.put(name, program.handle()));
        return handles;
    }

    /** Everything went well: nobody wants logs and state. */
    void discard() {
        keep = false;
    }

    /** Stops them, the last one first. */
    @Override
    public void close() throws IOException, InterruptedException {
        List<LocalProcess> running = new ArrayList<>(programs.values());
        for (int i = running.size() - 1; i >= 0; i--) {
            LocalProcess program = running.get(i);
            if (!program.stop(STOP_PATIENCE)) {
                System.err.println("not stopped cleanly: " + program.ending());
                keep = true;
            }
        }
        if (keep) {
            System.err.println("logs and state are kept in " + folder.path());
        } else {
            folder.delete();
        }
    }
}
