package io.tidegate.simulator.local;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A system's temporary path: settings, state and logs of every program.
 *
 * <p>The settings files are those next to this class with addresses and folders filled in; the processor's has the demo's
 * queries.
 */
public record SystemFolder(Path path, Ports ports) {

    /** Makes the folder and writes the settings. */
    public static SystemFolder prepare(Ports ports, int devices, double rate) throws IOException {
        SystemFolder folder = new SystemFolder(Files.createTempDirectory("tidegate-demo-"), ports);
        Map<String, String> values = Map.of(
                "@mqtt@", Integer.toString(ports.mqtt()),
                "@pull@", Integer.toString(ports.pull()),
                "@gateway-http@", Integer.toString(ports.gatewayHttp()),
                "@processor-http@", Integer.toString(ports.processorHttp()),
                "@flume@", Integer.toString(ports.flume()),
                "@folder@", new String(JsonStringEncoder.getInstance().quoteAsString(folder.path.toString())),
                "@devices@", Integer.toString(devices),
                "@rate@", Double.toString(rate));
        for (String name : List.of("gateway", "processor", "simulator")) {
            Files.writeString(folder.settings(name), filled(name + ".conf", values));
        }
        return folder;
    }

    /** The settings of gateway, processor or simulator. */
    public Path settings(String name) {
        return path.resolve(name + ".conf");
    }

    /** How a processor of other queries is started: addresses and folders of its configuration are replaced. */
    public List<String> processorArguments(Path configuration) {
        return List.of(
                "processor",
                "--config",
                configuration.toAbsolutePath().toString(),
                "-Dtidegate.processor.gateways=[\"127.0.0.1:" + ports.pull() + "\"]",
                "-Dtidegate.processor.checkpoint-dir=" + path.resolve("processor"),
                "-Dtidegate.processor.http.port=" + ports.processorHttp(),
                "-Dtidegate.processor.mqtt.broker=" + broker());
    }

    /** An H2 database in the folder that others may read while the processor writes it. */
    public String database() {
        return "jdbc:h2:file:" + path.resolve("results") + ";DATABASE_TO_LOWER=TRUE;AUTO_SERVER=TRUE";
    }

    /** The gateway's pages. */
    public Endpoint gatewayPages() {
        return Endpoint.local(ports.gatewayHttp());
    }

    /** The processor's pages. */
    public Endpoint processorPages() {
        return Endpoint.local(ports.processorHttp());
    }

    /** How a processor of the demo's queries is started. */
    public List<String> processorArguments() {
        return List.of("processor", "--config", settings("processor").toString());
    }

    /** {@code tcp://host:port} of the broker. */
    public String broker() {
        return "tcp://127.0.0.1:" + ports.mqtt();
    }

    /** Removes everything. */
    public void delete() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String filled(String resource, Map<String, String> values) throws IOException {
        String text = resource(SystemFolder.class, resource);
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace(value.getKey(), value.getValue());
        }
        return text;
    }

    /** The text of a file that is shipped next to a class. */
    public static String resource(Class<?> neighbour, String name) throws IOException {
        try (InputStream shipped = neighbour.getResourceAsStream(name)) {
            if (shipped == null) {
                throw new IOException(name + " is not on the class path");
            }
            return new String(shipped.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
