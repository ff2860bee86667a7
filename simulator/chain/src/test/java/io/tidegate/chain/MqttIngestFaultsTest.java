package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.harness.DeliveryCheck;
import io.tidegate.harness.FreePort;
import io.tidegate.harness.Mosquitto;
import io.tidegate.harness.Program;
import io.tidegate.harness.RecordingPublisher;
import io.tidegate.harness.SentReading;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * M1, M2, M3 and M11 of the fault catalogue, several sources and shared subscriptions: what mosquitto acknowledged to the
 * publisher is in the gateway's log, once and in order, whatever is killed.
 */
final class MqttIngestFaultsTest {

    private static final int RECEIVE_MAXIMUM = 512;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final int port = FreePort.next();

    @TempDir
    private Path folder;

    @BeforeEach
    void mosquittoIsInstalled() {
        assumeTrue(Mosquitto.installed().isPresent(), "mosquitto is not installed");
    }

    @SlowTest(seconds = 90)
    void a_gateway_killed_six_times_under_load_loses_nothing_and_logs_nothing_twice() {
        Seed seed = Seed.of("six kills of the gateway");
        Random random = seed.random();
        try (Program broker = Mosquitto.start(folder, "mosquitto", port);
                GatewayProcess gateway = GatewayProcess.start(folder, "gateway", GatewayProcess.from(port))) {
            gateway.awaitReady();
            try (RecordingPublisher publisher = publisher("fleet", 2_000, port, seed)) {
                awaitAcknowledgements(gateway, 0);
                for (int kill = 1; kill <= 6; kill++) {
                    awaitAcknowledgements(gateway, random.nextInt(6_000));
                    gateway.killAndStartAgain();
                    long since = System.nanoTime();
                    awaitAcknowledgements(gateway, 0);
                    Duration away = Duration.ofNanos(System.nanoTime() - since);
                    System.out.println("first acknowledgement after " + away.toMillis() + " ms");
                }

                drain(publisher, gateway, Set.of());

                assertExact(publisher.sent(), publisher.acknowledged(), gateway.readings());
                assertThat(gateway.ledger("duplicate")).isBetween(0L, 6L * RECEIVE_MAXIMUM);
                assertThat(gateway.ledger("residual")).isZero();
                assertThat(gateway.metric("tidegate_source_session_lost_total")).isZero();
                assertThat(broker.isAlive()).isTrue();
            }
        }
    }

    /**
     * mosquitto acknowledges before it saves, even with autosave on every change. So what it acknowledged between its
     * last save and its death is its own loss; nothing else may be missing.
     */
    @SlowTest(seconds = 25)
    void a_broker_that_saves_everything_and_is_killed_three_times_costs_no_saved_reading() {
        Seed seed = Seed.of("three kills of a persistent broker");
        Set<SentReading> doubtful = new HashSet<>();
        Program broker = Mosquitto.startPersistent(folder, "mosquitto", port);
        try (GatewayProcess gateway = GatewayProcess.start(folder, "gateway", GatewayProcess.from(port))) {
            gateway.awaitReady();
            try (RecordingPublisher publisher = publisher("fleet", 150, port, seed)) {
                for (int kill = 1; kill <= 3; kill++) {
                    long before = gateway.logged();
                    await().atMost(PATIENCE).until(() -> gateway.logged() > before + 300);
                    int saved = publisher.acknowledged().size();
                    awaitSaved(broker);
                    broker.kill();
                    await().atMost(PATIENCE).until(() -> !gateway.isReady());
                    List<SentReading> acknowledged = publisher.acknowledged();
                    doubtful.addAll(acknowledged.subList(saved, acknowledged.size()));
                    broker = Mosquitto.startPersistent(folder, "mosquitto", port);
                    await().atMost(PATIENCE).until(gateway::isReady);
                }

                drain(publisher, gateway, doubtful);

                assertExact(publisher.sent(), without(doubtful, publisher.acknowledged()), gateway.readings());
                assertThat(without(doubtful, publisher.acknowledged())).hasSizeGreaterThan(600);
                assertThat(gateway.metric("tidegate_source_session_lost_total")).isZero();
            }
        } finally {
            broker.close();
        }
    }

    @SlowTest(seconds = 50)
    void a_broker_that_forgot_everything_is_subscribed_again_and_the_loss_is_told() {
        Seed seed = Seed.of("two kills of a forgetful broker");
        Program broker = Mosquitto.start(folder, "mosquitto", port);
        try (GatewayProcess gateway = GatewayProcess.start(folder, "gateway", GatewayProcess.from(port))) {
            gateway.awaitReady();
            try (RecordingPublisher publisher = publisher("fleet", 500, port, seed)) {
                List<SentReading> promised = new ArrayList<>();
                for (int kill = 1; kill <= 2; kill++) {
                    long before = gateway.logged();
                    await().atMost(PATIENCE).until(() -> gateway.logged() > before + 500);
                    broker.kill();
                    await().atMost(PATIENCE).until(() -> !gateway.isReady());
                    broker = Mosquitto.start(folder, "mosquitto", port);
                    await().atMost(PATIENCE).until(gateway::isReady);
                    assertThat(gateway.metric("tidegate_source_session_lost_total"))
                            .isEqualTo(kill);
                    assertThat(gateway.output()).contains("the broker has forgotten our session");
                    // What is made from now on is acknowledged to a broker that holds our subscription.
                    int made = publisher.sent().size();
                    await().atMost(PATIENCE)
                            .until(() -> publisher.acknowledged().size() > made + 1_000);
                    List<SentReading> since = publisher.sent().subList(made, made + 1_000);
                    promised.addAll(since);
                }

                publisher.finish();
                await().atMost(PATIENCE).until(publisher::isDrained);
                await().atMost(PATIENCE).untilAsserted(() -> {
                    DeliveryCheck result = DeliveryCheck.compare(publisher.sent(), promised, gateway.readings());
                    assertThat(result.lost()).as(result.summary()).isEmpty();
                });
                DeliveryCheck result = DeliveryCheck.compare(publisher.sent(), promised, gateway.readings());
                assertThat(result.phantom()).isEmpty();
                assertThat(result.duplicates()).isEmpty();
                assertThat(gateway.metric("tidegate_source_session_lost_total")).isEqualTo(2);
            }
        } finally {
            broker.close();
        }
    }

    @SlowTest(seconds = 150)
    void of_two_gateways_with_one_client_id_one_wins_the_other_says_why_it_stopped_and_nothing_is_lost() {
        Seed seed = Seed.of("the same client id twice");
        // The same settings started twice, presence and all.
        try (Program broker = Mosquitto.start(folder, "mosquitto", port);
                GatewayProcess first = GatewayProcess.start(folder, "first", GatewayProcess.from(port))) {
            first.awaitReady();
            try (RecordingPublisher publisher = publisher("fleet", 500, port, seed);
                    GatewayProcess second = GatewayProcess.start(folder, "second", GatewayProcess.from(port))) {
                await().atMost(PATIENCE).until(() -> hasLost(first) != hasLost(second));
                GatewayProcess loser = hasLost(first) ? first : second;
                GatewayProcess winner = hasLost(first) ? second : first;
                await().atMost(PATIENCE).until(winner::isReady);
                double connections = connections(first) + connections(second);
                await().during(Duration.ofSeconds(30))
                        .atMost(PATIENCE)
                        .until(() -> winner.isReady()
                                && hasLost(loser)
                                && connections(first) + connections(second) == connections);
                // A retry of the loser each minute, and the winner's return, is all that there may be.
                await().atMost(PATIENCE).until(() -> connections(first) + connections(second) > connections);
                await().during(Duration.ofSeconds(30))
                        .atMost(PATIENCE)
                        .until(() -> connections(first) + connections(second) <= connections + 3);
                assertThat(loser.output()).contains("out of work until a person has looked at it");
                assertThat(first.isAlive() && second.isAlive() && broker.isAlive())
                        .isTrue();

                publisher.finish();
                await().atMost(PATIENCE).until(publisher::isDrained);
                await().atMost(PATIENCE).untilAsserted(() -> {
                    DeliveryCheck both =
                            DeliveryCheck.compare(publisher.sent(), publisher.acknowledged(), union(first, second));
                    assertThat(both.lost()).as(both.summary()).isEmpty();
                    assertThat(both.phantom()).isEmpty();
                });
            }
        }
    }

    @SlowTest(seconds = 60)
    void two_brokers_and_overlapping_filters_give_every_reading_once_also_over_a_kill() {
        Seed seed = Seed.of("several sources");
        int otherPort = FreePort.next();
        String sources = """
                  sources = [
                    { name = one, filters = ["sensors/#"], broker = "tcp://127.0.0.1:%1$d" }
                    { name = again, filters = ["sensors/+/temperature", "sensors/+/+"], broker = "tcp://127.0.0.1:%1$d" }
                    { name = two, filters = ["sensors/+/temperature"], broker = "tcp://127.0.0.1:%2$d" }
                  ]
                """.formatted(port, otherPort);
        try (Program broker = Mosquitto.start(folder, "mosquitto", port);
                Program other = Mosquitto.start(folder, "other", otherPort);
                GatewayProcess gateway =
                        GatewayProcess.start(folder, "gateway", GatewayProcess.from(port) + "\n" + sources)) {
            gateway.awaitReady();
            await().atMost(PATIENCE).until(() -> gateway.metric("tidegate_source_connected") == 3);
            try (RecordingPublisher one = publisher("one", 500, port, seed);
                    RecordingPublisher two = publisher("two", 500, otherPort, seed)) {
                awaitAcknowledgements(gateway, 6_000);
                gateway.killAndStartAgain();
                awaitAcknowledgements(gateway, 6_000);

                one.finish();
                two.finish();
                await().atMost(PATIENCE).until(() -> one.isDrained() && two.isDrained());
                List<SentReading> sent = new ArrayList<>(one.sent());
                sent.addAll(two.sent());
                List<SentReading> acknowledged = new ArrayList<>(one.acknowledged());
                acknowledged.addAll(two.acknowledged());
                await().atMost(PATIENCE).until(() -> gateway.logged() >= acknowledged.size());
                // The copies of the second source, too, are brought home before we count.
                await().atMost(PATIENCE)
                        .until(() -> gateway.ledger("duplicate")
                                >= one.acknowledged().size());

                assertExact(sent, acknowledged, gateway.readings());
                assertThat(gateway.ledger("residual")).isZero();
                assertThat(broker.isAlive() && other.isAlive()).isTrue();
            }
        }
    }

    @SlowTest(seconds = 50)
    void two_gateways_that_share_a_subscription_have_every_reading_between_them_also_when_one_is_killed() {
        Seed seed = Seed.of("a shared subscription");
        try (Program broker = Mosquitto.start(folder, "mosquitto", port);
                GatewayProcess first = sharing("first");
                GatewayProcess second = sharing("second")) {
            first.awaitReady();
            second.awaitReady();
            try (RecordingPublisher publisher = publisher("fleet", 1_000, port, seed)) {
                await().atMost(PATIENCE).until(() -> first.logged() > 2_000 && second.logged() > 2_000);
                first.killAndStartAgain();
                long before = second.logged();
                await().atMost(PATIENCE).until(() -> second.logged() > before + 2_000);
                awaitAcknowledgements(first, 2_000);

                publisher.finish();
                await().atMost(PATIENCE).until(publisher::isDrained);
                int promised = publisher.acknowledged().size();
                await().atMost(PATIENCE).until(() -> first.logged() + second.logged() >= promised);

                List<SentReading> both = union(first, second);
                DeliveryCheck result = DeliveryCheck.compare(publisher.sent(), publisher.acknowledged(), both);
                assertThat(result.lost()).as(result.summary()).isEmpty();
                assertThat(result.phantom()).as(result.summary()).isEmpty();
                // What was under way to the one that was killed, MQTT lets the broker give to the other as well.
                assertThat(result.duplicates()).as(result.summary()).hasSizeLessThanOrEqualTo(RECEIVE_MAXIMUM);
                assertThat(once(first) && once(second)).isTrue();
                assertThat(broker.isAlive()).isTrue();
            }
        }
    }

    private GatewayProcess sharing(String name) {
        return GatewayProcess.start(folder, name, GatewayProcess.from(port) + """

                  id = %s
                  sources = [ { name = mqtt, filters = ["$share/gateways/sensors/#"] } ]
                """.formatted(name));
    }

    private static RecordingPublisher publisher(String client, int rate, int port, Seed seed) {
        return RecordingPublisher.start(port, new RecordingPublisher.Plan(client, 100, rate), seed);
    }

    /** Waits until this life of the gateway has acknowledged more than so many messages. */
    private static void awaitAcknowledgements(GatewayProcess gateway, int messages) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> gateway.metric("tidegate_source_acknowledged_messages_total") > messages);
    }

    /** Waits until the broker has begun to save twice: what it had before is on its disk. */
    private static void awaitSaved(Program broker) {
        long saves = saves(broker);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> saves(broker) > saves + 1);
    }

    private static long saves(Program broker) {
        return broker.output()
                .lines()
                .filter(line -> line.contains("Saving in-memory database"))
                .count();
    }

    private static List<SentReading> without(Set<SentReading> some, List<SentReading> all) {
        return all.stream().filter(one -> !some.contains(one)).toList();
    }

    private static void drain(RecordingPublisher publisher, GatewayProcess gateway, Set<SentReading> doubtful) {
        publisher.finish();
        await().atMost(PATIENCE).until(publisher::isDrained);
        List<SentReading> promised = without(doubtful, publisher.acknowledged());
        await().atMost(PATIENCE).until(() -> gateway.logged() >= promised.size());
        // Were something logged twice, that would have come too early.
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> DeliveryCheck.compare(promised, promised, gateway.readings())
                        .lost()
                        .isEmpty());
    }

    private static void assertExact(List<SentReading> sent, List<SentReading> acknowledged, List<SentReading> seen) {
        DeliveryCheck result = DeliveryCheck.compare(sent, acknowledged, seen);
        assertThat(result.lost()).as(result.summary()).isEmpty();
        assertThat(result.phantom()).as(result.summary()).isEmpty();
        assertThat(result.duplicates()).as(result.summary()).isEmpty();
        assertThat(result.outOfOrder()).as(result.summary()).isEmpty();
        assertThat(acknowledged).isNotEmpty();
    }

    private static boolean once(GatewayProcess gateway) {
        List<SentReading> readings = gateway.readings();
        Set<SentReading> distinct = new HashSet<>(readings);
        return distinct.size() == readings.size();
    }

    private static List<SentReading> union(GatewayProcess first, GatewayProcess second) {
        List<SentReading> both = new ArrayList<>(first.readings());
        both.addAll(second.readings());
        return both;
    }

    private static boolean hasLost(GatewayProcess gateway) {
        return gateway.reasons().contains("does another client use the client id");
    }

    private static double connections(GatewayProcess gateway) {
        return gateway.metric("tidegate_source_connections_total");
    }
}
