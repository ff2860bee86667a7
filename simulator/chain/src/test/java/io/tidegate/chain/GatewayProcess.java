package io.tidegate.chain;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.FreePort;
import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.HttpPage;
import io.tidegate.harness.Program;
import io.tidegate.harness.SentReading;
import io.tidegate.simulator.json.Json;
import io.tidegate.simulator.local.PrometheusText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** A gateway as a process, with a data folder and ports that it keeps when it is killed and started again. */
final class GatewayProcess implements AutoCloseable {

    private final Path folder;
    private final String name;
    private final int pull = FreePort.next();
    private final int pages = FreePort.next();
    private final int flume = FreePort.next();
    private Program program;

    private GatewayProcess(Path folder, String name, String settings) {
        this.folder = folder;
        this.name = name;
        try {
            Files.writeString(configuration(), """
                    tidegate.gateway {
                      log { dir = "%s", min-free-bytes = 0 }
                      pull.port = %d
                      http.port = %d
                      flume.port = %d
                    %s
                    }
                    """.formatted(folder.resolve(name), pull, pages, flume, settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        program = run();
    }

    /**
     * Starts one.
     *
     * @param name of its data folder and its output
     * @param settings HOCON inside {@code tidegate.gateway}
     */
    static GatewayProcess start(Path folder, String name, String settings) {
        return new GatewayProcess(folder, name, settings);
    }

    /** The settings that make it take in everything that a publisher sends to this broker. */
    static String from(int brokerPort) {
        return "mqtt.broker = \"tcp://127.0.0.1:" + brokerPort + "\"";
    }

    private Program run() {
        return Program.tidegate(
                folder, name, List.of("gateway", "--config", configuration().toString()));
    }

    private Path configuration() {
        return folder.resolve(name + ".conf");
    }

    void killAndStartAgain() {
        program.kill();
        program = run();
    }

    /** Where Flume's agents push to. */
    int flumePort() {
        return flume;
    }

    int pullPort() {
        return pull;
    }

    int httpPort() {
        return pages;
    }

    void awaitReady() {
        await().atMost(Duration.ofMinutes(3))
                .until(() -> HttpPage.get(pages, "/readyz")
                        .filter(answer -> answer.statusCode() == 200)
                        .isPresent());
    }

    /** Whether it says that it can do its work. */
    boolean isReady() {
        return HttpPage.get(pages, "/readyz")
                .map(answer -> answer.statusCode() == 200)
                .orElse(false);
    }

    /** Why it can't do its work, in its own words; empty when it does not answer. */
    String reasons() {
        return HttpPage.get(pages, "/readyz").map(HttpResponse::body).orElse("").replace("\\", "");
    }

    /** How many readings it has logged; -1 when it does not answer. */
    long logged() {
        return ledger("logged");
    }

    /** How many events of a source it has logged; -1 when it does not answer. */
    long logged(String source) {
        return ledger("logged", line -> line.path("source").asText().equals(source));
    }

    /** A column of the ledger, over all sources; -1 when it does not answer. */
    long ledger(String column) {
        return ledger(column, line -> true);
    }

    private long ledger(String column, Predicate<JsonNode> lines) {
        return HttpPage.get(pages, "/ledger")
                .map(answer -> {
                    long sum = 0;
                    for (JsonNode source : Json.read(answer.body()).path("sources")) {
                        sum += lines.test(source) ? source.path(column).longValue() : 0;
                    }
                    return sum;
                })
                .orElse(-1L);
    }

    /** The sum over all sources of a metric of sources; -1 when it does not answer. */
    double metric(String metric) {
        return HttpPage.get(pages, "/metrics")
                .map(answer -> new PrometheusText(answer.body()).sum(metric))
                .orElse(-1.0);
    }

    /** Every retained reading, by key group and offset. */
    List<SentReading> readings() {
        return GatewayLog.readings(pull);
    }

    /** The paths of all retained requests. */
    List<String> paths() {
        return GatewayLog.events(pull).stream()
                .map(event -> event.getRequest().getPath())
                .toList();
    }

    String output() {
        return program.output();
    }

    boolean isAlive() {
        return program.isAlive();
    }

    @Override
    public void close() {
        program.close();
    }
}
