package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.Certificate;
import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.LogReader;
import io.tidegate.junit.SlowTest;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stock Flume 1.11 agent, a process from its Maven jars with config/flume-agent.properties, pushes to a gateway. What the
 * log then holds is compared with the files themselves, line by line: each line has a path of its own.
 */
final class FlumeAgentTest {

    private static final Pattern PATH = Pattern.compile("\"GET (/line/\\d+) ");
    private static final int BATCH = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Bytes a second. So slow that a kill comes in mid-stream: some fifty seconds for a file. */
    private static final int SLOW = 20_000;

    @TempDir
    private Path folder;

    @SlowTest(seconds = 15)
    void every_line_of_the_spooled_files_arrives_once_and_a_damaged_one_is_a_dead_letter() throws Exception {
        try (GatewayProcess gateway = gateway("");
                FlumeAgent agent = FlumeAgent.start(folder, gateway.flumePort(), "")) {
            List<String> first = new ArrayList<>(lines(0, 3_000));
            first.set(1_234, "no line of an access log");
            Path one = agent.spool("one.log", first);
            Path two = agent.spool("two.log", lines(3_000, 5_000));

            await().atMost(PATIENCE).until(() -> gateway.logged() >= 4_999);
            await().atMost(PATIENCE).until(() -> agent.completed() == 2);

            List<Event> events = GatewayLog.events(gateway.pullPort());
            Arrived arrived = Arrived.compare(List.of(one, two), events);
            assertThat(arrived.lost()).as(agent.output()).isEmpty();
            assertThat(arrived.phantom()).isEmpty();
            assertThat(arrived.duplicates()).isZero();
            assertThat(events).allMatch(event -> event.getRequest().getHost().equals("www.example.org"));
            assertThat(gateway.ledger("deadLettered")).isEqualTo(1);
            assertThat(gateway.ledger("residual")).isZero();
        }
    }

    @SlowTest(seconds = 15)
    void with_a_tail_a_memory_channel_compression_and_tls_every_line_arrives_once() throws Exception {
        Certificate certificate = Certificate.selfSigned(folder, "gateway");
        Path log = Files.write(folder.resolve("access.log"), lines(0, 500));
        try (GatewayProcess gateway =
                        gateway("flume { compression = deflate, tls.pem = \"" + certificate.pem() + "\" }");
                FlumeAgent agent = FlumeAgent.start(folder, gateway.flumePort(), """

                        tidegate.sources.logs.type = TAILDIR
                        tidegate.sources.logs.positionFile = %1$s/positions.json
                        tidegate.sources.logs.filegroups = access
                        tidegate.sources.logs.filegroups.access = %1$s/access.log
                        tidegate.channels.disk.type = memory
                        tidegate.channels.disk.capacity = 10000
                        tidegate.sinks.gateway.compression-type = deflate
                        tidegate.sinks.gateway.ssl = true
                        tidegate.sinks.gateway.truststore = %2$s
                        tidegate.sinks.gateway.truststore-password = %3$s
                        tidegate.sinks.gateway.truststore-type = PKCS12
                        """.formatted(
                                folder, certificate.truststore(), Certificate.PASSWORD))) {
            await().atMost(PATIENCE).until(() -> gateway.logged() == 500);
            Files.write(log, lines(500, 1_000), StandardOpenOption.APPEND);
            await().atMost(PATIENCE).until(() -> gateway.logged() >= 1_000);

            Arrived arrived = Arrived.compare(List.of(log), GatewayLog.events(gateway.pullPort()));
            assertThat(arrived.lost()).as(agent.output()).isEmpty();
            assertThat(arrived.phantom()).isEmpty();
            assertThat(arrived.duplicates()).isZero();
        }
    }

    @SlowTest(seconds = 45)
    void an_agent_that_is_refused_in_mid_stream_backs_off_and_nothing_is_lost_or_doubled() throws Exception {
        List<Event> events = new ArrayList<>();
        try (GatewayProcess gateway = gateway("log { max-bytes = 1MiB, min-retention = 0s, trim-interval = 200ms }");
                FlumeAgent agent = FlumeAgent.start(folder, gateway.flumePort(), "")) {
            Path file = agent.spool("one.log", longLines(6_000));
            LogReader log = new LogReader(gateway.pullPort());
            for (int i = 0; i < 2; i++) {
                await("FAILED").atMost(PATIENCE).until(() -> {
                    long before = gateway.logged();
                    double failed = gateway.metric("tidegate_flume_batches_total");
                    return gateway.reasons().contains("nothing is acknowledged")
                            && gateway.output().contains("batches of Flume agents are refused")
                            && failed > 0
                            && gateway.logged() == before;
                });
                long held = gateway.logged();
                assertThat(held).isLessThan(6_000);
                events.addAll(log.readAndCommit());
                await("goes on by itself").atMost(PATIENCE).until(() -> gateway.logged() > held);
            }
            await("the rest").atMost(PATIENCE).until(() -> {
                events.addAll(log.readAndCommit());
                return events.size() >= 6_000;
            });

            Arrived arrived = Arrived.compare(List.of(file), events);
            assertThat(arrived.lost()).as(agent.output()).isEmpty();
            assertThat(arrived.phantom()).isEmpty();
            assertThat(arrived.duplicates()).isZero();
            assertThat(gateway.output()).contains("batches of Flume agents are taken again");
        }
    }

    @SlowTest(seconds = 30)
    void an_agent_killed_in_mid_stream_goes_on_when_it_is_back_and_nothing_is_lost() throws Exception {
        // At most a batch that was not answered, and one that the source had not noted as done.
        interrupted((gateway, agent) -> agent.killAndStartAgain(), 2 * BATCH);
    }

    @SlowTest(seconds = 30)
    void a_gateway_killed_in_mid_stream_gets_the_rest_when_it_is_back_and_nothing_is_lost() throws Exception {
        // At most the batch that was on disk and not answered.
        interrupted(
                (gateway, agent) -> {
                    gateway.killAndStartAgain();
                    gateway.awaitReady();
                },
                BATCH);
    }

    private void interrupted(BiConsumer<GatewayProcess, FlumeAgent> interruption, int mostDuplicates) throws Exception {
        try (GatewayProcess gateway = gateway("");
                FaultProxy link = FaultProxy.to(gateway.flumePort());
                FlumeAgent agent = FlumeAgent.start(folder, link.port(), "")) {
            link.throttle(SLOW);
            Path file = agent.spool("one.log", lines(0, 10_000));
            await().atMost(PATIENCE).until(() -> gateway.logged() > 1_000);
            interruption.accept(gateway, agent);
            assertThat(gateway.logged()).isLessThan(9_000);
            link.heal();
            awaitSame(gateway, List.of(file), 10_000);

            assertThat(Arrived.compare(List.of(file), GatewayLog.events(gateway.pullPort()))
                            .duplicates())
                    .isLessThanOrEqualTo(mostDuplicates);
        }
    }

    private GatewayProcess gateway(String more) {
        GatewayProcess gateway =
                GatewayProcess.start(folder, "gateway", "sources = [], presence.enabled = false\n" + more);
        gateway.awaitReady();
        return gateway;
    }

    private static void awaitSame(GatewayProcess gateway, List<Path> files, int lines) {
        await().atMost(PATIENCE).until(() -> gateway.logged() >= lines);
        await("every line")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    Arrived arrived = Arrived.compare(files, GatewayLog.events(gateway.pullPort()));
                    assertThat(arrived.lost()).isEmpty();
                    assertThat(arrived.phantom()).isEmpty();
                });
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> line(i, "curl/8.0")).toList();
    }

    private static List<String> longLines(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> line(i, "x".repeat(1_000)))
                .toList();
    }

    private static String line(int number, String agent) {
        return "192.0.2." + number % 200 + " - - [23/Nov/2026:07:40:02 +0000] \"GET /line/" + number
                + " HTTP/1.1\" 200 " + number + " \"-\" \"" + agent + "\"";
    }

    /** What the log holds beside what the files hold. */
    private record Arrived(List<String> lost, List<String> phantom, long duplicates) {

        static Arrived compare(List<Path> files, List<Event> events) throws IOException {
            Map<String, Integer> counts = new HashMap<>();
            for (Event event : events) {
                Request request = event.getRequest();
                counts.merge(request.getPath() + " " + request.getBytes(), 1, Integer::sum);
            }
            List<String> lost = new ArrayList<>();
            long duplicates = 0;
            for (Path file : files) {
                for (String line : Files.readAllLines(file)) {
                    Matcher path = PATH.matcher(line);
                    if (!path.find()) {
                        continue;
                    }
                    String number = path.group(1).substring("/line/".length());
                    Integer count = counts.remove(path.group(1) + " " + number);
                    if (count == null) {
                        lost.add(line);
                    } else {
                        duplicates += count - 1;
                    }
                }
            }
            return new Arrived(lost, List.copyOf(counts.keySet()), duplicates);
        }
    }
}
