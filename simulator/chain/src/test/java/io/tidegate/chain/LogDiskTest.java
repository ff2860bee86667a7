package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tidegate.harness.DeliveryCheck;
import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.Mosquitto;
import io.tidegate.harness.Program;
import io.tidegate.harness.RecordingPublisher;
import io.tidegate.harness.SentReading;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import io.tidegate.protocol.v1.BeginRun;
import io.tidegate.protocol.v1.CommitRequest;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.protocol.v1.Position;
import io.tidegate.protocol.v1.ReadRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** R3, R4 and R7 of the fault catalogue: the gateway's disk fails, or fills up, under load. */
final class LogDiskTest {

    private static final String NOTHING_ACKNOWLEDGED = "nothing is acknowledged";

    @TempDir
    private Path folder;

    @BeforeEach
    void a_broker_is_installed() {
        assumeThat(Mosquitto.installed()).as("mosquitto is installed").isPresent();
    }

    @SlowTest(seconds = 40)
    void a_failed_fsync_stops_acknowledgements_and_the_process_and_nothing_is_lost() throws Exception {
        assumeThat(isThere("gcc", "--version")).as("gcc is installed").isTrue();
        Path trigger = folder.resolve("fail-now");
        List<String> failing = List.of("env", "LD_PRELOAD=" + shim(), "EIO_TRIGGER=" + trigger, "EIO_SUFFIX=.log");
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            Program gateway = chain.startGateway(failing);
            chain.awaitGateway();
            try (RecordingPublisher publisher = publish(chain, 1_000)) {
                chain.awaitLogged(1_000);
                Files.createFile(trigger);

                assertThat(gateway.await(180)).as(gateway.output()).isEqualTo(1);
                assertThat(trigger).doesNotExist();
                assertThat(gateway.output()).contains("Input/output error", "event-log is gone");
                chain.startGateway();
                chain.awaitGateway();
                publisher.finish();
                await("nothing is lost")
                        .atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(() -> assertComplete(chain, publisher, GatewayLog.readings(chain.pullPort())));
            }
        }
    }

    @SlowTest(seconds = 60)
    void at_the_quota_acknowledgements_stop_and_go_on_by_themselves_when_the_group_has_committed() throws Exception {
        fillAndFree(List.of(), "-Dtidegate.gateway.log.max-bytes=1MiB", "-Dtidegate.gateway.log.min-free-bytes=0");
    }

    @SlowTest(seconds = 60)
    void a_disk_that_is_nearly_full_stops_acknowledgements_before_it_is_full() throws Exception {
        assumeThat(isThere("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", folder.toString()))
                .as("may mount a small disk")
                .isTrue();
        Files.createDirectories(folder.resolve("data"));
        List<String> onSmallDisk =
                List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=24m tmpfs data && exec \"$@\"", "gateway");

        fillAndFree(onSmallDisk, "-Dtidegate.gateway.log.min-free-bytes=16MiB");
    }

    @SlowTest(seconds = 50)
    void a_log_that_may_expire_goes_on_and_says_what_its_group_lost_and_the_group_does_not_count_on_with_a_hole() {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            chain.startGateway(
                    List.of(),
                    "-Dtidegate.gateway.log.max-bytes=1MiB",
                    "-Dtidegate.gateway.log.min-free-bytes=0",
                    "-Dtidegate.gateway.log.min-retention=0s",
                    "-Dtidegate.gateway.log.trim-interval=200ms",
                    "-Dtidegate.gateway.log.when-full=expire-oldest");
            Program processor =
                    chain.startProcessor("{ name = totals, kind = totals, from = readings, by = [device] }");
            chain.awaitReady();
            try (RecordingPublisher publisher = publish(chain, 2_000)) {
                chain.awaitLogged(1_000);
                processor.freeze();
                await("something has expired").atMost(Duration.ofMinutes(2)).until(() -> expired(chain) > 0);
                publisher.finish();
                await().until(publisher::isDrained);
                await("nothing is held")
                        .until(() -> logged(chain) == publisher.sent().size());

                JsonNode ledger = chain.ledger();
                assertThat(ledger.get("residual").longValue()).isZero();
                long lost = ledger.at("/groups/0/expired").longValue();
                assertThat(chain.reasons()).contains("consumer group processor has lost events: " + lost + " expired");
                assertThatThrownBy(() -> readFromTheBeginning(chain.pullPort())).hasMessageContaining("OUT_OF_RANGE");
                processor.thaw();
                assertThat(processor.await(180)).as(processor.output()).isEqualTo(1);
            }
        }
    }

    private static long expired(Chain chain) {
        return chain.inLedger("/groups/0/expired");
    }

    private static void readFromTheBeginning(int pullPort) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", pullPort)
                .usePlaintext()
                .build();
        try {
            EventPullGrpc.EventPullBlockingStub pull = EventPullGrpc.newBlockingStub(channel);
            for (KeyGroupOffsets group : pull.offsets(
                            OffsetsRequest.newBuilder().setGroup("processor").build())
                    .getKeyGroupsList()) {
                pull.read(ReadRequest.newBuilder()
                                .setKeyGroup(group.getKeyGroup())
                                .setUntil(group.getEnd())
                                .build())
                        .forEachRemaining(answer -> {});
            }
        } finally {
            channel.shutdownNow();
        }
    }

    private void fillAndFree(List<String> launcher, String... quota) throws Exception {
        List<String> settings = new ArrayList<>(List.of(quota));
        settings.add("-Dtidegate.gateway.log.min-retention=0s");
        settings.add("-Dtidegate.gateway.log.trim-interval=200ms");
        List<SentReading> seen = new ArrayList<>();
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            Program gateway = chain.startGateway(launcher, settings.toArray(String[]::new));
            chain.awaitGateway();
            try (RecordingPublisher publisher = publish(chain, 2_000)) {
                for (int i = 0; i < 2; i++) {
                    awaitHeld(chain);
                    long held = logged(chain);
                    readAndCommit(chain.pullPort(), seen);
                    await("goes on by itself").until(() -> logged(chain) > held);
                }
                publisher.finish();
                await("nothing is lost").atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
                    readAndCommit(chain.pullPort(), seen);
                    assertComplete(chain, publisher, seen);
                });
                await().until(() -> chain.readiness()
                        .filter(page -> page.get("status").textValue().equals("ready"))
                        .isPresent());
            }
            assertThat(gateway.output()).contains("there is room again").doesNotContain("No space left");
            assertThat(gateway.stop()).as(gateway.output()).isZero();
        }
    }

    private static RecordingPublisher publish(Chain chain, int rate) {
        return RecordingPublisher.start(
                chain.brokerPort(), new RecordingPublisher.Plan("disk", 20, rate), Seed.of("log disk"));
    }

    /** Held: it says so, and the log does not grow between two looks of which the second says so too. */
    private static void awaitHeld(Chain chain) {
        await("nothing is acknowledged").atMost(Duration.ofMinutes(2)).until(() -> {
            long before = logged(chain);
            Optional<JsonNode> page = chain.readiness();
            return page.isPresent()
                    && !page.get().get("status").textValue().equals("ready")
                    && page.get().get("reasons").toString().contains(NOTHING_ACKNOWLEDGED)
                    && logged(chain) == before;
        });
    }

    private static long logged(Chain chain) {
        return chain.inLedger("/log/logged");
    }

    /** As a processor would: what is committed has been read. */
    private static void readAndCommit(int pullPort, List<SentReading> seen) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", pullPort)
                .usePlaintext()
                .build();
        try {
            EventPullGrpc.EventPullBlockingStub pull = EventPullGrpc.newBlockingStub(channel);
            OffsetsResponse offsets = pull.offsets(OffsetsRequest.newBuilder()
                    .setGroup("processor")
                    .setBeginRun(BeginRun.newBuilder().setRun("run"))
                    .build());
            seen.addAll(GatewayLog.readings(pullPort));
            CommitRequest.Builder commit =
                    CommitRequest.newBuilder().setGroup("processor").setEpoch(offsets.getEpoch());
            offsets.getKeyGroupsList()
                    .forEach(group -> commit.addPositions(Position.newBuilder()
                            .setKeyGroup(group.getKeyGroup())
                            .setNext(group.getEnd())));
            pull.commit(commit.build());
        } finally {
            channel.shutdownNow();
        }
    }

    private static void assertComplete(Chain chain, RecordingPublisher publisher, List<SentReading> seen) {
        assertThat(publisher.isDrained()).isTrue();
        DeliveryCheck found = DeliveryCheck.compare(publisher.sent(), publisher.acknowledged(), seen);
        assertThat(found.lost().size() + found.phantom().size())
                .as(found.summary())
                .isZero();
        assertThat(chain.inLedger("/residual")).isZero();
    }

    private String shim() throws Exception {
        Path source = folder.resolve("eio.c");
        try (InputStream resource = Objects.requireNonNull(LogDiskTest.class.getResourceAsStream("eio.c"))) {
            Files.copy(resource, source);
        }
        Path library = folder.resolve("eio.so");
        Process compiler = new ProcessBuilder(
                        "gcc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString(), "-ldl")
                .inheritIO()
                .start();
        assertThat(compiler.waitFor()).isZero();
        return library.toString();
    }

    private static boolean isThere(String... command) throws Exception {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
