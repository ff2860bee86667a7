package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Checker;
import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.Program;
import io.tidegate.harness.Publisher;
import io.tidegate.harness.Results;
import io.tidegate.harness.Seed;
import io.tidegate.simulator.oracle.Reading;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * E2 of the fault catalogue, everything at once: gateway and processor are killed or stand still, the links between them
 * and to the broker are cut, reset or swallow what they carry, in an order and at moments that the seed decides, under
 * load. About two minutes of faults, or {@code -Dtidegate.everything=600} seconds.
 */
@Tag("fault")
final class EverythingFailsTest {

    private static final Duration GAP = Duration.ofSeconds(4);
    private static final int RATE = 1_000;
    private static final String QUERIES = """
                { name = totals, kind = totals, from = readings, by = [device, metric] }
                { name = sessions, kind = sessions, from = readings, by = [device], gap = 4s, allowed-lateness = 4s }
                { name = last-ten, kind = window, from = readings, by = [device], window = 10s, slide = 2s
                  compute = [count, sum, min, max] }
                { name = per-batch, kind = counts, from = readings, by = [device] }
                { name = busiest, kind = top, from = readings, by = [device], window = 10s, slide = 2s, limit = 5 }
            """;

    /** What can go wrong. */
    private enum Fault {
        GATEWAY_KILLED,
        PROCESSOR_KILLED,
        GATEWAY_FROZEN,
        PROCESSOR_FROZEN,
        BROKER_LINK_CUT,
        BROKER_LINK_HALF_OPEN,
        PULL_LINK_RESET,
        PULL_LINK_HALF_OPEN
    }

    @Test
    void whatever_fails_every_acknowledged_reading_is_counted_once(@TempDir Path folder) throws Exception {
        Seed seed = Seed.of("EverythingFailsTest");
        Publisher.Plan plan = new Publisher.Plan("e2", 60, RATE).silent(Duration.ofSeconds(12));
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (Results results = Results.subscribe(chain.brokerPort());
                    Victims victims = new Victims(chain);
                    Publisher publisher = publisher(chain, plan, seed)) {
                long until = System.nanoTime() + seconds() * 1_000_000_000L;
                Random random = seed.random();
                while (System.nanoTime() < until) {
                    Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
                    System.out.println(fault + " at " + publisher.acknowledged().size() + " readings");
                    victims.suffer(fault, random);
                    // Progress is made before the next fault comes, and then for a random while.
                    awaitMore(publisher, RATE * (2 + random.nextInt(12)));
                }
                publisher.finish();
                patiently().until(publisher::isDrained);

                verify(chain, publisher, results);
                victims.stop();
                assertThat(ledger(results, "gateway/gateway").get("residual").longValue())
                        .isZero();
                assertThat(ledger(results, "processor/processor")
                                .get("residual")
                                .longValue())
                        .isZero();
            }
        }
    }

    /** Not before the gateway has subscribed: a broker keeps nothing for a session that it has never seen. */
    private static Publisher publisher(Chain chain, Publisher.Plan plan, Seed seed) {
        chain.awaitReady();
        return Publisher.start(chain.brokerPort(), plan, seed);
    }

    private static void verify(Chain chain, Publisher publisher, Results results) {
        patiently()
                .untilAsserted(() -> assertThat(chain.gateway("/ledger")
                                .orElseThrow()
                                .at("/log/logged")
                                .longValue())
                        .isEqualTo(publisher.sent().size()));
        Checker log =
                Checker.compare(publisher.sent(), publisher.acknowledged(), GatewayLog.readings(chain.pullPort()));
        assertThat(log.lost()).as("lost").isEmpty();
        assertThat(log.phantom()).as("phantom").isEmpty();
        assertThat(log.duplicates()).as("duplicates").isEmpty();
        assertThat(log.outOfOrder()).as("out of order").isEmpty();

        List<Reading> sent = publisher.sent().stream()
                .map(one -> new Reading(one.device(), one.metric(), one.seq(), one.timeMs(), one.value()))
                .toList();
        patiently().untilAsserted(() -> assertThat(Plan.totals(results)).isEqualTo(Plan.expectedTotals(sent)));
        patiently().untilAsserted(() -> assertThat(Plan.sessions(results)).isEqualTo(Plan.expectedSessions(sent, GAP)));
        patiently()
                .untilAsserted(() -> Slides.of(results, "last-ten", Duration.ofSeconds(10), Duration.ofSeconds(2))
                        .assertEqualTo(sent, results.of("per-batch")));
        assertThat(results.contradictions()).isEmpty();
        chain.awaitBalanced(sent.size());
    }

    private static void awaitMore(Publisher publisher, int readings) {
        int enough = publisher.acknowledged().size() + readings;
        patiently().until(() -> publisher.acknowledged().size() >= enough);
    }

    private static ConditionFactory patiently() {
        // Whoever was killed last may not answer yet.
        return await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .ignoreException(NoSuchElementException.class);
    }

    private static JsonNode ledger(Results results, String whose) {
        return Objects.requireNonNull(results.last("tidegate/ledger/" + whose), whose);
    }

    private static int seconds() {
        return Integer.getInteger("tidegate.everything", 120);
    }

    /** Gateway and processor, and what is done to them. Each fault ends before it returns, but nobody waits for the cure. */
    private static final class Victims implements AutoCloseable {
        private final Chain chain;
        private Program gateway;
        private Program processor;

        Victims(Chain chain) {
            this.chain = chain;
            gateway = chain.startGateway();
            processor = chain.startProcessor(QUERIES);
        }

        void suffer(Fault fault, Random random) {
            assertThat(gateway.isAlive()).as(gateway.output()).isTrue();
            assertThat(processor.isAlive()).as(processor.output()).isTrue();
            Duration time = Duration.ofMillis(500 + random.nextInt(4_500));
            switch (fault) {
                case GATEWAY_KILLED -> {
                    gateway.kill();
                    pass(time);
                    gateway = chain.startGateway();
                }
                case PROCESSOR_KILLED -> {
                    processor.kill();
                    pass(time);
                    processor = chain.startProcessor(QUERIES);
                }
                case GATEWAY_FROZEN -> frozen(gateway, time);
                case PROCESSOR_FROZEN -> frozen(processor, time);
                case BROKER_LINK_CUT -> chain.brokerLink().cut();
                case BROKER_LINK_HALF_OPEN -> {
                    chain.brokerLink().halfOpen();
                    pass(time);
                    chain.brokerLink().cut();
                    chain.brokerLink().heal();
                }
                case PULL_LINK_RESET -> chain.pullLink().reset();
                case PULL_LINK_HALF_OPEN -> {
                    chain.pullLink().halfOpen();
                    pass(time);
                    chain.pullLink().cut();
                    chain.pullLink().heal();
                }
            }
        }

        private static void frozen(Program program, Duration time) {
            program.freeze();
            pass(time);
            program.thaw();
        }

        /** A fault has a duration: this one waits for nothing. */
        private static void pass(Duration time) {
            await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
        }

        void stop() {
            assertThat(processor.stop()).as(processor.output()).isZero();
            assertThat(gateway.stop()).as(gateway.output()).isZero();
        }

        @Override
        public void close() {
            processor.close();
            gateway.close();
        }
    }
}
