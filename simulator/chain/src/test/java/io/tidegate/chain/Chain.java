package io.tidegate.chain;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.FreePort;
import io.tidegate.harness.HttpPage;
import io.tidegate.harness.Mosquitto;
import io.tidegate.harness.Program;
import io.tidegate.simulator.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.stream.Stream;

/** Broker, gateway and processor as processes of their own, in a folder and on ports of their own. */
final class Chain implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path folder;
    private final List<Program> started = new ArrayList<>();
    private final int broker = FreePort.next();
    private final int resultBroker = FreePort.next();
    private final FaultProxy brokerLink = FaultProxy.to(broker);
    private final int pull = FreePort.next();
    private final FaultProxy pullLink = FaultProxy.to(pull);
    private final int gatewayHttp = FreePort.next();
    private final int flume = FreePort.next();
    private final int processorHttp = FreePort.next();
    private final int secondHttp = FreePort.next();

    Chain(Path folder) {
        this.folder = folder;
    }

    /** The real mosquitto where it is installed, else the embedded broker. */
    Program startBroker() {
        return remembered(
                Mosquitto.installed().isPresent()
                        ? Mosquitto.start(folder, "mosquitto", broker)
                        : Program.tidegate(
                                folder, "broker", List.of("simulator", "broker", "--port", String.valueOf(broker))));
    }

    /** The gateway with config/gateway.conf, on this chain's ports. */
    Program startGateway() {
        return startGateway(List.of());
    }

    /** The same, started by another program, with more settings. */
    Program startGateway(List<String> launcher, String... settings) {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(
                Program.ROOT.resolve("tidegate").toString(),
                "gateway",
                "--config",
                Program.ROOT.resolve("config/gateway.conf").toString(),
                "-Dtidegate.gateway.mqtt.broker=tcp://127.0.0.1:" + brokerLink.port(),
                "-Dtidegate.gateway.pull.port=" + pull,
                "-Dtidegate.gateway.http.port=" + gatewayHttp,
                "-Dtidegate.gateway.flume.port=" + flume));
        command.addAll(List.of(settings));
        return remembered(Program.start(folder, "gateway", command));
    }

    /** A second mosquitto, for results only; to be started again after it was killed. */
    Program startResultBroker() {
        return remembered(Mosquitto.start(folder, "result-broker", resultBroker));
    }

    /** The processor with these queries; results go to the broker that devices publish to. */
    Program startProcessor(String queries, String... options) {
        return startProcessor(queries, broker, options);
    }

    /** The processor with these queries; results go to a broker of their own. */
    Program startProcessorWithResultBroker(String queries, String... options) {
        return startProcessor(queries, resultBroker, options);
    }

    /** The processor with these queries; results go to the broker on a port. */
    Program startProcessor(String queries, int results, String... options) {
        return startProcessor("processor", processorHttp, queries, results, options);
    }

    /**
     * Another processor with the same consumer group: its state is a copy of the first one's, its folder, port and MQTT
     * client are its own.
     */
    Program startSecondProcessor(String queries) throws IOException {
        copy(folder.resolve("data/processor"), folder.resolve("data/second"));
        return startProcessor("second", secondHttp, queries, broker);
    }

    /** The processor with these queries, in a heap of so many MB. */
    Program startSmallProcessor(int heapMb, String queries, String... options) {
        List<String> command = new ArrayList<>(List.of("env", "JAVA_OPTS=-Xmx" + heapMb + "m"));
        command.add(Program.ROOT.resolve("tidegate").toString());
        command.addAll(processor("processor", processorHttp, queries, broker, options));
        return remembered(Program.start(folder, "processor", command));
    }

    private Program startProcessor(String name, int httpPort, String queries, int results, String... options) {
        return remembered(Program.tidegate(folder, name, processor(name, httpPort, queries, results, options)));
    }

    private List<String> processor(String name, int httpPort, String queries, int results, String... options) {
        Path configuration = folder.resolve(name + ".conf");
        write(configuration, """
                tidegate.processor {
                  gateways = ["127.0.0.1:%d"]
                  mqtt.broker = "tcp://127.0.0.1:%d"
                  mqtt.client-id = "tidegate-%s"
                  checkpoint-dir = "data/%s"
                  http.port = %d
                  queries = [
                %s
                  ]
                }
                """.formatted(pullLink.port(), results, name, name, httpPort, queries));
        List<String> command = new ArrayList<>(List.of("processor", "--config", configuration.toString()));
        command.addAll(List.of(options));
        return command;
    }

    /** What a replay takes for its configuration, when no processor was started. */
    void configure(String queries) {
        List<String> unused = processor("processor", processorHttp, queries, broker);
    }

    /** A replay with the configuration of the processor that was started last, beside it. */
    Program startReplay(String... options) {
        List<String> command = new ArrayList<>(List.of(
                "processor", "--config", folder.resolve("processor.conf").toString()));
        command.addAll(List.of(options));
        return remembered(Program.tidegate(folder, "replay", command));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    /** A fault has a duration, or comes at a moment of chance: this waits for nothing. */
    static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusMinutes(5)).until(() -> true);
    }

    /** Waits until gateway and processor say that they are ready. */
    void awaitReady() {
        await().atMost(Duration.ofMinutes(3))
                .until(() ->
                        gateway("/readyz").isPresent() && processor("/readyz").isPresent());
    }

    /** Waits until the processor says that it is ready. */
    void awaitProcessorReady() {
        await().atMost(Duration.ofMinutes(3)).until(() -> processor("/readyz").isPresent());
    }

    /** How many readings the gateway has handed to the processor, which has acknowledged them. */
    long delivered() {
        JsonNode group = ledger().at("/groups/0");
        return group.get("committed").longValue()
                + group.get("deliveredUncommitted").longValue();
    }

    /** Waits until the gateway says that it is ready, or works at least. */
    void awaitGateway() {
        await().atMost(Duration.ofMinutes(3)).until(() -> gateway("/readyz").isPresent());
    }

    /** Waits until the gateway has logged so many events, of all sources. */
    void awaitLogged(long events) {
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> gateway("/ledger")
                                .map(ledger -> ledger.get("sources").findValues("logged").stream()
                                        .mapToLong(JsonNode::longValue)
                                        .sum())
                                .orElse(-1L)
                        >= events);
    }

    /** Waits until both ledgers balance and the gateway's says that exactly so many readings were logged. */
    void awaitBalanced(long readings) {
        await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
            assertThat(inLedger("/residual")).isZero();
            assertThat(inLedger("/sources/0/logged")).isEqualTo(readings);
            assertThat(inLedger(processor("/ledger"), "/residual")).isZero();
        });
    }

    /** The gateway's ledger, as soon as it answers. */
    JsonNode ledger() {
        return await().until(() -> gateway("/ledger"), Optional::isPresent).orElseThrow();
    }

    /** A number in the gateway's ledger; -1 when it does not answer. */
    long inLedger(String pointer) {
        return inLedger(gateway("/ledger"), pointer);
    }

    /** A number in a ledger; -1 when there is none. */
    static long inLedger(Optional<JsonNode> ledger, String pointer) {
        return ledger.map(page -> page.at(pointer).asLong(-1)).orElse(-1L);
    }

    /** A fleet without web traffic, started as a user would. */
    Program startFleet(String... arguments) {
        return simulate("fleet", List.of(arguments), "-Dtidegate.simulator.web.rate=0");
    }

    /** Web traffic beside a single slow device. */
    Program startWebTraffic(List<String> arguments) {
        return simulate(
                "web",
                arguments,
                "-Dtidegate.simulator.devices=1",
                "-Dtidegate.simulator.rate=1",
                "-Dtidegate.simulator.web.url=http://127.0.0.1:" + gatewayHttp + "/ingest/logs?host=www.example.org");
    }

    /** Plays a scenario to this chain and compares its answers, with the queries of the processor. */
    Program verify(String scenario, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "simulator",
                "verify",
                "--scenario",
                scenario,
                "--config",
                folder.resolve("processor.conf").toString(),
                "--broker",
                brokerAddress(),
                "--gateway",
                "http://127.0.0.1:" + gatewayHttp,
                "--processor",
                "http://127.0.0.1:" + processorHttp));
        command.addAll(List.of(options));
        return remembered(Program.tidegate(folder, "verify", command));
    }

    /** Plays a recorded file again, to the broker. */
    Program replay(Path file, String... options) {
        List<String> arguments = new ArrayList<>(List.of("simulator", "replay", file.toString()));
        arguments.addAll(List.of(options));
        arguments.add("-Dtidegate.simulator.mqtt.broker=" + brokerAddress());
        return remembered(Program.tidegate(folder, "replay", arguments));
    }

    private Program simulate(String name, List<String> arguments, String... settings) {
        List<String> command = new ArrayList<>(List.of("simulator", "run"));
        command.addAll(arguments);
        command.add("-Dtidegate.simulator.mqtt.broker=" + brokerAddress());
        command.addAll(List.of(settings));
        return remembered(Program.tidegate(folder, name, command));
    }

    int brokerPort() {
        return broker;
    }

    int gatewayHttp() {
        return gatewayHttp;
    }

    int pullPort() {
        return pull;
    }

    int resultBrokerPort() {
        return resultBroker;
    }

    private String brokerAddress() {
        return "tcp://127.0.0.1:" + broker;
    }

    /** Between gateway and broker. */
    FaultProxy brokerLink() {
        return brokerLink;
    }

    /** Between processor and gateway. */
    FaultProxy pullLink() {
        return pullLink;
    }

    /** A page of the gateway, if it answers with 200. */
    Optional<JsonNode> gateway(String page) {
        return get(gatewayHttp, page, 200);
    }

    /** What the gateway says about itself, well or not, if it answers. */
    Optional<JsonNode> readiness() {
        return get(gatewayHttp, "/readyz", 200, 503);
    }

    /** Why the gateway is not well, in its own words, as soon as it answers. */
    String reasons() {
        return await().until(this::readiness, Optional::isPresent)
                .orElseThrow()
                .path("reasons")
                .toString();
    }

    /** A page of the processor, if it answers with 200. */
    Optional<JsonNode> processor(String page) {
        return get(processorHttp, page, 200);
    }

    /** A page of the second processor, if it answers with 200. */
    Optional<JsonNode> second(String page) {
        return get(secondHttp, page, 200);
    }

    private static Optional<JsonNode> get(int port, String page, Integer... statuses) {
        return HttpPage.get(port, page)
                .filter(response -> List.of(statuses).contains(response.statusCode()))
                .map(response -> Json.read(response.body()));
    }

    /** Sends lines of an access log to the gateway by HTTP. */
    void postLogs(String lines) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gatewayHttp + "/ingest/logs?host=www"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(lines, ISO_8859_1))
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    /** How much memory the operating system has given to a program. */
    static long residentBytes(Program program) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + program.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
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

    @Override
    public void close() {
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).close();
        }
        brokerLink.close();
        pullLink.close();
    }
}
