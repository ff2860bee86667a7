package io.tidegate.simulator.load;

import io.tidegate.simulator.local.Endpoint;
import io.tidegate.simulator.local.LocalProcess;
import io.tidegate.simulator.local.LocalSystem;
import io.tidegate.simulator.local.Ports;
import io.tidegate.simulator.local.SystemFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A gateway, and a processor when asked for, with a new folder, as {@code ./tidegate} starts them. One thread. */
final class LoadSystem implements AutoCloseable {
    /** What the gateway's sources call themselves, unless they are told otherwise. */
    private static final String GATEWAY_CLIENT = "tidegate-gateway-";

    private final LocalSystem system;
    private final URI broker;
    private final int connections;

    /** Nothing runs yet. Ports are chosen now and not for the whole run: a free one does not stay so for minutes. */
    LoadSystem(Path launcher, URI broker, int connections) throws IOException {
        this.system = LocalSystem.atFullSpeed(launcher, SystemFolder.prepare(Ports.choose(), 1, 1));
        this.system.keep(true);
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
        system.start(
                "gateway",
                List.of(
                        "gateway",
                        "--config",
                        system.folder().settings("gateway").toString(),
                        "-Dtidegate.gateway.devices.silence=5m",
                        "-Dtidegate.gateway.mqtt.broker=" + broker,
                        "-Dtidegate.gateway.sources=" + configured));
    }

    /** Starts the processor with the queries of a file of this package; it is not ready yet. */
    void startProcessor(String queries) throws IOException {
        Path configuration = system.folder().path().resolve("load.conf");
        try (InputStream shipped = LoadSystem.class.getResourceAsStream(queries)) {
            if (shipped == null) {
                throw new IOException(queries + " is not on the class path");
            }
            Files.copy(shipped, configuration);
        }
        List<String> arguments = new ArrayList<>(system.folder().processorArguments(configuration));
        arguments.add("-Dtidegate.processor.mqtt.broker=" + broker); // the last one wins
        system.start("processor", arguments);
    }

    /** Waits until all that was started is ready. */
    void awaitReady(CountDownLatch stop) throws IOException, InterruptedException {
        if (!system.awaitReady(stop)) {
            if (stop.getCount() == 0) {
                throw new InterruptedException("stopped");
            }
            throw new IOException("not ready within " + LocalSystem.START_PATIENCE.toSeconds() + " s: "
                    + system.processes().stream().map(LocalProcess::name).toList());
        }
    }

    /** Fails when one of them has ended. */
    void check() throws IOException {
        system.check();
    }

    Endpoint gateway() {
        return system.folder().gatewayPages();
    }

    Endpoint processor() {
        return system.folder().processorPages();
    }

    /** What the ledgers can't explain, by component; -1 when one does not answer. */
    Map<String, Long> residuals() throws InterruptedException {
        Map<String, Long> residuals = new LinkedHashMap<>();
        for (String name : handles().keySet()) {
            Endpoint pages = name.equals("gateway") ? gateway() : processor();
            residuals.put(name, pages.json("/ledger").path("residual").asLong(-1));
        }
        return residuals;
    }

    /** The processes, by name. */
    Map<String, ProcessHandle> handles() {
        Map<String, ProcessHandle> handles = new LinkedHashMap<>();
        system.processes().forEach(process -> handles.put(process.name(), process.handle()));
        return handles;
    }

    /** Everything went well: nobody wants logs and state. */
    void discard() {
        system.keep(false);
    }

    /** Stops them, the last one first. */
    @Override
    public void close() throws IOException, InterruptedException {
        system.close();
    }
}
