package io.tidegate.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Broker, gateway and processor as processes of their own, in a folder and on ports of their own. */
final class Chain implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<Program> started = new ArrayList<>();
    private final int broker = freePort();
    private final int pull = freePort();
    private final int gatewayHttp = freePort();
    private final int processorHttp = freePort();

    Chain(Path folder) {
        this.folder = folder;
    }

    /** The real mosquitto where it is installed, else the embedded broker. */
    Program startBroker() {
        return remembered(
                Mosquitto.installed().isPresent()
                        ? Mosquitto.start(folder, broker)
                        : Program.tidegate(
                                folder, "broker", List.of("simulator", "broker", "--port", String.valueOf(broker))));
    }

    /** The gateway with config/gateway.conf, on this chain's ports. */
    Program startGateway() {
        return remembered(Program.tidegate(
                folder,
                "gateway",
                List.of(
                        "gateway",
                        "--config",
                        Program.ROOT.resolve("config/gateway.conf").toString(),
                        "-Dtidegate.gateway.mqtt.broker=" + brokerAddress(),
                        "-Dtidegate.gateway.pull.port=" + pull,
                        "-Dtidegate.gateway.http.port=" + gatewayHttp)));
    }

    /** The processor with these queries. */
    Program startProcessor(String queries) {
        Path configuration = folder.resolve("processor.conf");
        write(configuration, """
                tidegate.processor {
                  gateways = ["127.0.0.1:%d"]
                  mqtt.broker = "%s"
                  http.port = %d
                  queries = [
                %s
                  ]
                }
                """.formatted(pull, brokerAddress(), processorHttp, queries));
        return remembered(
                Program.tidegate(folder, "processor", List.of("processor", "--config", configuration.toString())));
    }

    /** A fleet, started as a user would. */
    Program startFleet(String... arguments) {
        List<String> command = new ArrayList<>(List.of("simulator", "run"));
        command.addAll(List.of(arguments));
        command.add("-Dtidegate.simulator.mqtt.broker=" + brokerAddress());
        return remembered(Program.tidegate(folder, "fleet", command));
    }

    int brokerPort() {
        return broker;
    }

    Path folder() {
        return folder;
    }

    private String brokerAddress() {
        return "tcp://127.0.0.1:" + broker;
    }

    /** A page of the gateway, if it answers with 200. */
    Optional<JsonNode> gateway(String page) {
        return get(gatewayHttp, page);
    }

    /** A page of the processor, if it answers with 200. */
    Optional<JsonNode> processor(String page) {
        return get(processorHttp, page);
    }

    private Optional<JsonNode> get(int port, String page) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + page))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? Optional.of(JSON.readTree(response.body())) : Optional.empty();
        } catch (ConnectException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Program remembered(Program program) {
        started.add(program);
        return program;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).close();
        }
    }
}
