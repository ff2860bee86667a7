package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.Checker;
import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.Mosquitto;
import io.tidegate.harness.Program;
import io.tidegate.harness.Publisher;
import io.tidegate.harness.Sent;
import io.tidegate.junit.Seed;
import io.tidegate.protocol.v1.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M12 of the fault catalogue: 200,000 devices that nobody has heard of within a minute, at a gateway that tracks a quarter
 * of them. The same rate from few devices, before, is what it is compared with.
 */
@Tag("fault")
@Tag("open")
final class ManyDevicesLoadTest {

    private static final int RATE = 4_000;
    private static final int HEAP_MB = 192;
    private static final int TRACKED = 50_000;
    private static final Duration BEFORE = Duration.ofSeconds(20);
    private static final Duration FLOOD = Duration.ofSeconds(60);

    /** So many to choose from that of 240,000 readings 200,000 are of different devices. */
    private static final int NAMES = 750_000;

    /** What is not worth comparing on a machine that does other things too. */
    private static final long NOISE_MS = 50;

    @TempDir
    private Path folder;

    @Test
    void two_hundred_thousand_new_devices_in_a_minute_stay_within_the_heap_and_delay_nobody_else() throws IOException {
        assumeThat(Mosquitto.installed()).as("mosquitto is installed").isPresent();
        Seed seed = Seed.of("many devices");
        List<Sent> sent = new ArrayList<>();
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            Program gateway = chain.startGateway(
                    List.of("env", "JAVA_OPTS=-Xmx" + HEAP_MB + "m"),
                    "-Dtidegate.gateway.devices.max-devices=" + TRACKED);
            chain.awaitGateway();
            try (Publisher probe = Publisher.start(chain.brokerPort(), new Publisher.Plan("probe", 10, 100), seed)) {
                sent.addAll(publish(chain, new Publisher.Plan("few", 100, RATE), BEFORE, seed));
                long beforeMb = residentMb(gateway);
                long floodMs = System.currentTimeMillis();
                sent.addAll(publish(chain, new Publisher.Plan("new", NAMES, RATE), FLOOD, seed));
                long growthMb = residentMb(gateway) - beforeMb;
                probe.finish();
                await().atMost(Duration.ofMinutes(1)).until(probe::isDrained);
                sent.addAll(probe.sent());
                chain.awaitLogged(sent.size());

                assertThat(sent.stream().map(Sent::device).distinct().count()).isGreaterThan(190_000);
                assertThat(growthMb).as("MiB more than before").isLessThanOrEqualTo(HEAP_MB);
                assertThat(chain.readiness().orElseThrow().get("reasons").toString())
                        .contains("devices: " + TRACKED + " are tracked");
                List<Event> logged = GatewayLog.events(chain.pullPort());
                Checker result = Checker.compare(
                        sent, sent, logged.stream().map(GatewayLog::sent).toList());
                assertThat(result.lost()).as(result.summary()).isEmpty();
                assertThat(result.phantom()).as(result.summary()).isEmpty();
                long calmMs = delayMs(logged, 0, floodMs);
                long floodedMs = delayMs(logged, floodMs, Long.MAX_VALUE);
                System.out.println("p99 of the others: " + calmMs + " ms before, " + floodedMs + " ms in the flood; "
                        + growthMb + " MiB more");
                assertThat(floodedMs).isLessThanOrEqualTo(2 * calmMs + NOISE_MS);
            }
            assertThat(gateway.stop()).as(gateway.output()).isZero();
        }
    }

    /** What was sent in that time. */
    private static List<Sent> publish(Chain chain, Publisher.Plan plan, Duration time, Seed seed) {
        try (Publisher publisher = Publisher.start(chain.brokerPort(), plan, seed)) {
            await().pollDelay(time).atMost(time.multipliedBy(2)).until(() -> true);
            publisher.finish();
            await().atMost(Duration.ofMinutes(1)).until(publisher::isDrained);
            return publisher.sent();
        }
    }

    /** How long after its sending the probe's readings were received, the 99th percentile. */
    private static long delayMs(List<Event> logged, long fromMs, long untilMs) {
        List<Long> delays = logged.stream()
                .filter(event -> event.getReading().getDevice().startsWith("probe-"))
                .filter(event -> event.getTimeUs() / 1_000 >= fromMs && event.getTimeUs() / 1_000 < untilMs)
                .map(event -> event.getReceivedMs() - event.getTimeUs() / 1_000)
                .sorted()
                .toList();
        return delays.get(delays.size() * 99 / 100);
    }

    private static long residentMb(Program program) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + program.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                .findFirst()
                .orElseThrow();
    }
}
