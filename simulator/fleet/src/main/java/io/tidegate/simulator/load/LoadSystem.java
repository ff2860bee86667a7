package io.tidegate.simulator.load;

import io.tidegate.simulator.local.Endpoint;
import io.tidegate.simulator.local.LocalSystem;
import io.tidegate.simulator.local.Ports;
import io.tidegate.simulator.local.SystemFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A gateway, and a processor when asked for, with a new folder and at full speed. The folder is kept unless the phase says
 * that everything went well. One thread.
 */
final class LoadSystem extends LocalSystem {
    /** What the gateway's sources call themselves, unless they are told otherwise. */
    private static final String GATEWAY_CLIENT = "tidegate-gateway-";

    private final URI broker;
    private final int connections;

    /** Nothing runs yet. Ports are chosen now and not for the whole run: a free one does not stay so for minutes. */
    LoadSystem(Path launcher, URI broker, int connections) throws IOException {
        super(launcher, SystemFolder.prepare(Ports.choose(), 1, 1), Map.of());
        keep(true);
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
        start(
                "gateway",
                List.of(
                        "gateway",
                        "--config",
                        folder().settings("gateway").toString(),
                        "-Dtidegate.gateway.devices.silence=5m",
                        "-Dtidegate.gateway.mqtt.broker=" + broker,
                        "-Dtidegate.gateway.sources=" + configured));
    }

    /** Starts the processor with the queries of a file of this package; it is not ready yet. */
    void startProcessor(String queries) throws IOException {
        startProcessor(SystemFolder.resource(LoadSystem.class, queries), List.of());
    }

    /** Starts the processor with these settings and more arguments; it is not ready yet. */
    void startProcessor(String settings, List<String> more) throws IOException {
        Path configuration = folder().path().resolve("load.conf");
        Files.writeString(configuration, settings);
        List<String> arguments = new ArrayList<>(folder().processorArguments(configuration));
        arguments.addAll(more);
        arguments.add("-Dtidegate.processor.mqtt.broker=" + broker); // the last one wins
        start("processor", arguments);
    }

    /** What the ledgers can't explain, by component; -1 when one does not answer. */
    Map<String, Long> residuals() throws InterruptedException {
        Map<String, Long> residuals = new LinkedHashMap<>();
        for (String name : handles().keySet()) {
            Endpoint pages = name.equals("gateway") ? folder().gatewayPages() : folder().processorPages();
            residuals.put(name, pages.json("/ledger").path("residual").asLong(-1));
        }
        return residuals;
    }

    /** The processes, by name. */
    Map<String, ProcessHandle> handles() {
        Map<String, ProcessHandle> handles = new LinkedHashMap<>();
        processes().forEach(process -> handles.put(process.name(), process.handle()));
        return handles;
    }
}
