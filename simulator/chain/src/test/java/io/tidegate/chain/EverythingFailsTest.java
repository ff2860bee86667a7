package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.DeliveryCheck;
import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.Postgres;
import io.tidegate.harness.Program;
import io.tidegate.harness.RecordingPublisher;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.local.Deadline;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * E2 of the fault catalogue, everything at once: gateway, processor and database are killed or stand still, the links
 * between them and to the broker are cut, reset or swallow what they carry, in an order and at moments that the seed decides,
 * under load. About a minute of faults, or {@code -Dtidegate.everything=600} seconds, and every fault once at least.
 */
final class EverythingFailsTest {

    private static final Duration GAP = Duration.ofSeconds(4);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration SLIDE = Duration.ofSeconds(2);
    private static final int RATE = 1_000;
    private static final int DEVICES = 60;
    private static final Duration SILENCE = Duration.ofSeconds(12);
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String QUERIES = """
                { name = totals, kind = totals, from = readings, by = [device, metric], to = [mqtt, jdbc] }
                { name = sessions, kind = sessions, from = readings, by = [device], gap = 4s, allowed-lateness = 20s
                  to = [mqtt, jdbc] }
                { name = last-ten, kind = window, from = readings, by = [device], window = 10s, slide = 2s
                  compute = [count, sum, min, max], to = [mqtt, jdbc] }
                { name = per-batch, kind = counts, from = readings, by = [device], to = [mqtt, jdbc] }
                { name = busiest, kind = top, from = readings, by = [device], window = 10s, slide = 2s, limit = 5 }
                { name = events, kind = sql, trigger = 2s, to = [jdbc]
                  sql = "SELECT key_group, offset, device, value FROM readings" }
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
        PULL_LINK_HALF_OPEN,
        DATABASE_KILLED,
        DATABASE_LINK_HALF_OPEN;

        private static final Set<Fault> OF_A_SERVER = EnumSet.of(DATABASE_KILLED, DATABASE_LINK_HALF_OPEN);

        /** Those that can be caused: a database that is no server has no process and no link. */
        static List<Fault> possible(Database database) {
            return EnumSet.allOf(Fault.class).stream()
                    .filter(fault -> database.server().isPresent() || !OF_A_SERVER.contains(fault))
                    .toList();
        }
    }

    @SlowTest(seconds = 130)
    void whatever_fails_every_acknowledged_reading_is_counted_once_on_topics_and_in_tables(@TempDir Path folder)
            throws Exception {
        Seed seed = Seed.of("EverythingFailsTest");
        RecordingPublisher.Plan plan = new RecordingPublisher.Plan("e2", DEVICES, RATE).silent(SILENCE);
        try (Database database = Database.start(folder);
                Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort());
                    Victims victims = new Victims(chain, database);
                    RecordingPublisher publisher = publisher(chain, plan, seed)) {
                suffer(victims, Fault.possible(database), publisher, seed.random());
                publisher.finish();
                patiently().until(publisher::isDrained);

                List<Reading> sent = verifyLog(chain, publisher);
                verifyTopics(sent, results);
                verifyTables(sent, database, results);
                chain.awaitBalanced(sent.size());
                System.out.println(sent.size() + " readings, " + victims.repeatedWrites()
                        + " times a database that was away was tried again");
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

    /** All faults in an order of chance, and again in another, until the time is up and everything has gone wrong once. */
    private static void suffer(Victims victims, List<Fault> possible, RecordingPublisher publisher, Random random) {
        Deadline end = Deadline.in(Duration.ofSeconds(seconds()));
        Deque<Fault> next = new ArrayDeque<>();
        for (int faults = 0; !end.isOver() || faults < possible.size(); faults++) {
            if (next.isEmpty()) {
                List<Fault> round = new ArrayList<>(possible);
                Collections.shuffle(round, random);
                next.addAll(round);
            }
            Fault fault = next.remove();
            System.out.println(fault + " at " + publisher.acknowledged().size() + " readings");
            victims.suffer(fault, random);
            // Progress is made before the next fault comes, and then for a random while.
            awaitMore(publisher, RATE * (1 + random.nextInt(5)));
        }
    }

    /** Not before the gateway has subscribed: a broker keeps nothing for a session that it has never seen. */
    private static RecordingPublisher publisher(Chain chain, RecordingPublisher.Plan plan, Seed seed) {
        chain.awaitReady();
        return RecordingPublisher.start(chain.brokerPort(), plan, seed);
    }

    /** @return all readings, which the gateway has once each */
    private static List<Reading> verifyLog(Chain chain, RecordingPublisher publisher) {
        patiently()
                .untilAsserted(() -> assertThat(chain.inLedger("/log/logged"))
                        .isEqualTo(publisher.sent().size()));
        DeliveryCheck log = DeliveryCheck.compare(
                publisher.sent(), publisher.acknowledged(), GatewayLog.readings(chain.pullPort()));
        assertThat(log.lost()).as("lost").isEmpty();
        assertThat(log.phantom()).as("phantom").isEmpty();
        assertThat(log.duplicates()).as("duplicates").isEmpty();
        assertThat(log.outOfOrder()).as("out of order").isEmpty();
        return ExpectedFleet.readings(publisher.sent());
    }

    private static void verifyTopics(List<Reading> sent, ResultRecorder results) {
        patiently()
                .untilAsserted(
                        () -> assertThat(ExpectedFleet.totals(results)).isEqualTo(ExpectedFleet.expectedTotals(sent)));
        patiently()
                .untilAsserted(() -> assertThat(ExpectedFleet.sessions(results))
                        .isEqualTo(ExpectedFleet.expectedSessions(sent, GAP)));
        patiently()
                .untilAsserted(() -> SlidingWindows.of(results, "last-ten", WINDOW, SLIDE)
                        .assertEqualTo(sent, results.of("per-batch")));
        assertThat(results.contradictions()).isEmpty();
    }

    /** The same recomputation, and the answers of the topics, each once; and in SQL a row for each event. */
    private static void verifyTables(List<Reading> sent, Database database, ResultRecorder results)
            throws SQLException {
        patiently()
                .untilAsserted(() -> assertThat(ExpectedFleet.totals(database.answers("totals", "device", "metric")))
                        .isEqualTo(ExpectedFleet.expectedTotals(sent)));
        patiently()
                .untilAsserted(() -> assertThat(ExpectedFleet.sessions(database.answers("sessions", "device")))
                        .containsExactlyInAnyOrderElementsOf(ExpectedFleet.expectedSessions(sent, GAP)));
        patiently()
                .untilAsserted(() -> new SlidingWindows(database.answers("last-ten", "device"), WINDOW, SLIDE)
                        .assertEqualTo(sent, database.answers("per-batch", "device")));
        for (String query : List.of("totals", "sessions", "last-ten", "per-batch")) {
            assertThat(database.answers(query))
                    .extracting(EverythingFailsTest::version)
                    .containsExactlyInAnyOrderElementsOf(results.of(query).stream()
                            .map(EverythingFailsTest::version)
                            .toList());
        }

        patiently().until(() -> database.count("events") >= sent.size());
        assertThat(database.query(
                        "SELECT \"device\", count(*), count(DISTINCT \"key_group\" * 1000000000 + \"offset\"),"
                                + " CAST(sum(\"value\" * 4) AS BIGINT) FROM \"events\" GROUP BY \"device\""))
                .containsExactlyInAnyOrderElementsOf(expectedEvents(sent));
    }

    private static String version(JsonNode answer) {
        return answer.get("id").textValue() + " rev " + answer.get("rev");
    }

    /** Of each device the number of its readings, and once more as the number of places in the log, and the quarters in them. */
    private static List<String> expectedEvents(List<Reading> sent) {
        return sent.stream().collect(Collectors.groupingBy(Reading::device)).entrySet().stream()
                .map(device -> {
                    int count = device.getValue().size();
                    double quarters = device.getValue().stream()
                            .mapToDouble(reading -> reading.value() * 4)
                            .sum();
                    return device.getKey() + " " + count + " " + count + " " + (long) quarters;
                })
                .toList();
    }

    private static void awaitMore(RecordingPublisher publisher, int readings) {
        int enough = publisher.acknowledged().size() + readings;
        patiently().until(() -> publisher.acknowledged().size() >= enough);
    }

    private static ConditionFactory patiently() {
        // Whoever was killed last may not answer yet.
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .ignoreException(NoSuchElementException.class);
    }

    private static JsonNode ledger(ResultRecorder results, String whose) {
        return Objects.requireNonNull(results.last("tidegate/ledger/" + whose), whose);
    }

    private static int seconds() {
        return Integer.getInteger("tidegate.everything", 60);
    }

    /** Gateway, processor and database, and what is done to them. Each fault ends before it returns, the cure may not. */
    private static final class Victims implements AutoCloseable {
        private static final Pattern TRIED_AGAIN = Pattern.compile(" at jdbc:.*\\(it is tried again\\)");

        private final Chain chain;
        private final Database database;
        private Program gateway;
        private Program processor;

        Victims(Chain chain, Database database) {
            this.chain = chain;
            this.database = database;
            gateway = chain.startGateway();
            processor = startProcessor();
        }

        private Program startProcessor() {
            return chain.startProcessor(QUERIES, database.settings().toArray(String[]::new));
        }

        void suffer(Fault fault, Random random) {
            assertThat(gateway.isAlive()).as(gateway.output()).isTrue();
            assertThat(processor.isAlive()).as(processor.output()).isTrue();
            Duration time = Duration.ofMillis(500 + random.nextInt(4_500));
            switch (fault) {
                case GATEWAY_KILLED -> {
                    gateway.kill();
                    Chain.pass(time);
                    gateway = chain.startGateway();
                }
                case PROCESSOR_KILLED -> {
                    processor.kill();
                    Chain.pass(time);
                    processor = startProcessor();
                }
                case GATEWAY_FROZEN -> frozen(gateway, time);
                case PROCESSOR_FROZEN -> frozen(processor, time);
                case BROKER_LINK_CUT -> chain.brokerLink().cut();
                case BROKER_LINK_HALF_OPEN -> halfOpen(chain.brokerLink(), time);
                case PULL_LINK_RESET -> chain.pullLink().reset();
                case PULL_LINK_HALF_OPEN -> halfOpen(chain.pullLink(), time);
                case DATABASE_KILLED -> killed(database.server().orElseThrow().postgres(), time);
                case DATABASE_LINK_HALF_OPEN ->
                    halfOpen(database.server().orElseThrow().link(), time);
            }
        }

        private static void killed(Postgres postgres, Duration time) {
            postgres.kill();
            Chain.pass(time);
            postgres.resume();
        }

        private static void halfOpen(FaultProxy link, Duration time) {
            link.halfOpen();
            Chain.pass(time);
            link.cut();
            link.heal();
        }

        private static void frozen(Program program, Duration time) {
            program.freeze();
            Chain.pass(time);
            program.thaw();
        }

        /** How often a write to the database had to be repeated, as the processor tells. */
        long repeatedWrites() {
            return TRIED_AGAIN.matcher(processor.output()).results().count();
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
