package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.Mosquitto;
import io.tidegate.harness.Program;
import io.tidegate.harness.RecordingPublisher;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.harness.SentReading;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import io.tidegate.simulator.fleet.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;

/**
 * E4 of the fault catalogue: more than three times as much comes as can be worked off, for half a minute on a machine that
 * keeps up. The link between gateway and processor sets the capacity, so that it is known; the gateway's heap is too small
 * to keep what comes. (What happens when its disk is as well: {@link LogDiskTest}.) How long it takes until all is normal
 * again is printed: no test can say how fast anything is.
 */
final class OverloadTest {

    private static final int OVERLOAD = 4_000;
    private static final int NORMAL = 500;
    private static final int CAPACITY_BYTES_PER_SECOND = 40_000;
    private static final int READINGS = 120_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int BEST_EFFORT = 10_000;
    private static final int FEW_DEVICES = 5;
    private static final int CUTS = 2;
    private static final int BETWEEN_CUTS = 10_000;

    private static final String QUERIES = """
                { name = totals, kind = totals, from = readings, where = "device <> 'best-effort'", by = [device, metric] }
                { name = best-effort, kind = totals, from = readings, where = "device = 'best-effort'", by = [device] }
            """;

    @TempDir
    private Path folder;

    @SlowTest(seconds = 60)
    void three_times_the_capacity_waits_on_disk_and_all_is_normal_again_and_counted_once() throws InterruptedException {
        assumeThat(Mosquitto.installed()).as("mosquitto is installed").isPresent();
        assumeThat(Program.installed("mosquitto_pub"))
                .as("mosquitto-clients is installed")
                .isPresent();
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            Program gateway = chain.startGateway(
                    List.of("env", "JAVA_OPTS=-Xmx96m"), "-Dtidegate.gateway.pull.max-frame-bytes=32KiB");
            Program processor = chain.startProcessor(QUERIES);
            chain.awaitReady();
            Seed seed = Seed.of("overload");
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort());
                    RecordingPublisher normal = publish(chain, "normal", NORMAL, seed)) {
                chain.pullLink().throttle(CAPACITY_BYTES_PER_SECOND);
                long before = chain.delivered();
                RecordingPublisher overload = publish(chain, "overload", OVERLOAD, seed);
                Program bestEffort = bestEffort(chain);
                await("three times the capacity").atMost(PATIENCE).until(() -> {
                    int sent = overload.sent().size();
                    return sent >= READINGS && sent > 3 * (chain.delivered() - before);
                });
                overload.finish();
                chain.pullLink().heal();
                long healed = System.nanoTime();

                await("back to normal").atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(overload.isDrained()).isTrue();
                    assertThat(status(chain.readiness())).isEqualTo("ready");
                    assertThat(status(chain.processor("/readyz"))).isEqualTo("ready");
                    // Less than two seconds of it are under way to the disk, and as much to the processor.
                    assertThat(normal.sent().size() + overload.sent().size() - chain.inLedger("/log/logged"))
                            .isLessThan(2 * NORMAL);
                    assertThat(chain.inLedger("/groups/0/waiting")).isBetween(0L, 2L * NORMAL);
                });
                System.out.println("back to normal after "
                        + Duration.ofNanos(System.nanoTime() - healed).toSeconds() + " s");
                assertThat(bestEffort.await(180)).isZero();
                normal.finish();
                verify(chain, results, normal, overload);
                overload.close();
            }
            assertThat(processor.stop()).as(processor.output()).isZero();
            assertThat(gateway.stop()).as(gateway.output()).isZero();
        }
    }

    /** Five devices: receive-maximum alone is more of each than once was remembered. */
    @SlowTest(seconds = 70)
    void what_is_delivered_again_to_an_overloaded_gateway_counts_once_and_its_memory_stays_flat()
            throws InterruptedException, IOException {
        assumeThat(Mosquitto.installed()).as("mosquitto is installed").isPresent();
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            Program gateway = chain.startGateway(List.of("env", "JAVA_OPTS=-Xmx96m"));
            Program processor = chain.startProcessor(QUERIES);
            chain.awaitReady();
            long memory = Chain.residentBytes(gateway);
            Seed seed = Seed.of("delivered again");
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                chain.brokerLink().throttle(CAPACITY_BYTES_PER_SECOND);
                RecordingPublisher overload = RecordingPublisher.start(
                        chain.brokerPort(), new RecordingPublisher.Plan("overload", FEW_DEVICES, OVERLOAD), seed);
                for (int cut = 1; cut <= CUTS; cut++) {
                    int until = cut * BETWEEN_CUTS;
                    await("the broker is ahead of the gateway")
                            .atMost(PATIENCE)
                            .until(() -> overload.sent().size() > until
                                    && overload.sent().size() > 1.3 * chain.inLedger("/log/logged"));
                    // What the broker has sent is received; that it was, the broker does not hear.
                    chain.brokerLink().stall(FaultProxy.Direction.TO_TARGET);
                    AtomicLong logged = new AtomicLong();
                    await("all that the broker sends without acknowledgements")
                            .atMost(PATIENCE)
                            .during(Duration.ofSeconds(2))
                            .until(() -> logged.getAndSet(chain.inLedger("/log/logged")) == logged.get());
                    chain.brokerLink().cut();
                    chain.brokerLink().heal();
                    chain.brokerLink().throttle(CAPACITY_BYTES_PER_SECOND);
                }
                overload.finish();
                chain.brokerLink().heal();

                await("the broker has delivered all")
                        .atMost(PATIENCE)
                        .until(() -> overload.isDrained()
                                && chain.inLedger("/log/logged")
                                        >= overload.sent().size());
                assertThat(chain.inLedger("/log/logged"))
                        .isEqualTo(overload.sent().size());
                assertThat(chain.inLedger("/sources/0/duplicate"))
                        .as("what was delivered again")
                        .isGreaterThan(128L * FEW_DEVICES);
                assertThat(Chain.residentBytes(gateway) - memory).isLessThan(100L << 20);
                List<Reading> sent = ExpectedFleet.readings(overload.sent());
                ExpectedFleet.awaitTotals(results, sent);
                assertThat(results.contradictions()).isEmpty();
                chain.awaitBalanced(sent.size());
                overload.close();
            }
            assertThat(processor.stop()).as(processor.output()).isZero();
            assertThat(gateway.stop()).as(gateway.output()).isZero();
        }
    }

    private static RecordingPublisher publish(Chain chain, String name, int rate, Seed seed) {
        return RecordingPublisher.start(chain.brokerPort(), new RecordingPublisher.Plan(name, 60, rate), seed);
    }

    /** QoS 0, as fast as it goes. */
    private Program bestEffort(Chain chain) {
        return Program.start(
                folder,
                "best-effort",
                List.of(
                        "sh",
                        "-c",
                        "seq 1 " + BEST_EFFORT + " | mosquitto_pub -l -q 0 -t sensors/best-effort/n -p "
                                + chain.brokerPort()));
    }

    private static void verify(
            Chain chain, ResultRecorder results, RecordingPublisher normal, RecordingPublisher overload) {
        await().atMost(PATIENCE).until(normal::isDrained);
        List<SentReading> ofQos1 = new ArrayList<>(normal.sent());
        ofQos1.addAll(overload.sent());
        List<Reading> sent = ExpectedFleet.readings(ofQos1);
        ExpectedFleet.awaitTotals(results, sent);
        JsonNode ledger = chain.ledger();
        long logged = ledger.at("/sources/0/logged").longValue() - sent.size();
        long refused = ledger.at("/sources/0/refused").longValue();
        System.out.println("QoS 0: " + logged + " logged, " + refused + " refused, the broker dropped the rest");
        assertThat(ledger.get("residual").longValue()).isZero();
        assertThat(logged).isPositive();
        assertThat(logged + refused).isLessThanOrEqualTo(BEST_EFFORT);
        assertThat(results.of("best-effort"))
                .singleElement()
                .satisfies(total -> assertThat(total.get("count").longValue()).isEqualTo(logged));
        assertThat(results.contradictions()).isEmpty();
        chain.awaitBalanced(sent.size() + logged);
    }

    private static String status(Optional<JsonNode> page) {
        return page.map(there -> there.get("status").textValue()).orElse("no answer");
    }
}
