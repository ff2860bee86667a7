package io.tidegate.gateway.serve;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static io.tidegate.gateway.log.LogFixture.upTo;
import static io.tidegate.gateway.serve.PullFixture.position;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.tidegate.gateway.log.LogFixture;
import io.tidegate.junit.Patience;
import io.tidegate.protocol.v1.BeginRun;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.protocol.v1.ReadRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffsetsReadCommitTest {

    @TempDir
    private Path folder;

    private PullFixture gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new PullFixture(folder, PullFixture.settings(1_200));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_configured_group_exists_from_the_start_and_holds_everything() {
        gateway.log(0, 3);
        LogFixture.expire(gateway.store, NOW_MS + 3_600_000);

        OffsetsResponse offsets = gateway.offsets();

        assertThat(offsets.getGateway()).isEqualTo("g1");
        assertThat(offsets.getKeyGroupCount()).isEqualTo(2);
        assertThat(offsets.getEpoch()).isZero();
        KeyGroupOffsets first = offsets.getKeyGroups(0);
        assertThat(List.of(first.getOldest(), first.getEnd(), first.getCommitted(), first.getDelivered()))
                .containsExactly(0L, 3L, 0L, 0L);
    }

    @Test
    void without_a_group_the_log_alone_is_described_and_no_group_is_registered() {
        gateway.log(0, 3);

        OffsetsResponse offsets = gateway.blocking().offsets(OffsetsRequest.getDefaultInstance());

        assertThat(offsets.getKeyGroups(0).getEnd()).isEqualTo(3);
        assertThat(gateway.store.groups()).containsOnlyKeys("app");
        assertRefused(
                () -> gateway.blocking()
                        .offsets(OffsetsRequest.newBuilder().setGroup("nobody").build()),
                Status.Code.NOT_FOUND,
                "group: nobody");
    }

    @Test
    void a_time_of_receipt_is_answered_by_the_first_offset_received_then_and_nobody_else_is_told() {
        gateway.log(0, 3);
        gateway.clock.advance(10_000);
        gateway.log(0, 2);

        OffsetsResponse asked = gateway.blocking()
                .offsets(OffsetsRequest.newBuilder()
                        .setReceivedFromMs(NOW_MS + 1)
                        .build());

        assertThat(asked.getKeyGroups(0).getReceivedFrom()).isEqualTo(3);
        assertThat(asked.getKeyGroups(1).hasReceivedFrom()).isTrue();
        assertThat(asked.getKeyGroups(1).getReceivedFrom()).isZero();
        assertThat(gateway.offsets().getKeyGroups(0).hasReceivedFrom()).isFalse();
    }

    @Test
    void the_same_run_gets_the_same_epoch_and_a_new_one_the_next_also_after_a_restart() throws Exception {
        assertThat(gateway.beginRun("r1")).isEqualTo(1);
        assertThat(gateway.beginRun("r1")).isEqualTo(1);
        assertThat(gateway.beginRun("r2")).isEqualTo(2);

        gateway.close();
        start();

        assertThat(gateway.beginRun("r2")).isEqualTo(2);
        assertThat(gateway.beginRun("r3")).isEqualTo(3);
    }

    @Test
    void a_run_of_an_unknown_group_registers_it_at_the_oldest_retained_event() {
        LongStream.range(0, 3).forEach(i -> gateway.log(0, 10));
        long epoch = gateway.beginRun("r1");
        gateway.commit(epoch, 0, 30);
        LogFixture.expire(gateway.store, NOW_MS + 3_600_000);

        OffsetsResponse late = gateway.blocking()
                .offsets(OffsetsRequest.newBuilder()
                        .setGroup("late")
                        .setBeginRun(BeginRun.newBuilder().setRun("r1"))
                        .build());

        assertThat(late.getEpoch()).isEqualTo(1);
        assertThat(late.getKeyGroups(0).getCommitted()).isEqualTo(20);
        assertThat(late.getKeyGroups(0).getDelivered()).isEqualTo(20);
        assertRefused(
                () -> gateway.blocking()
                        .offsets(OffsetsRequest.newBuilder()
                                .setGroup("a/#")
                                .setBeginRun(BeginRun.newBuilder().setRun("r1"))
                                .build()),
                Status.Code.INVALID_ARGUMENT,
                "group: 'a/#'");
    }

    @Test
    void a_run_begins_where_it_says_or_at_the_committed_position() {
        gateway.log(0, 30);
        gateway.log(1, 30);
        gateway.commit(gateway.beginRun("r1"), 0, 12);

        OffsetsResponse offsets = gateway.offsets(BeginRun.newBuilder()
                .setRun("r2")
                .addDeliverFrom(position(1, 20))
                .build());

        assertThat(offsets.getKeyGroupsList())
                .extracting(KeyGroupOffsets::getDelivered)
                .containsExactly(12L, 20L);
        assertThat(offsets.getKeyGroupsList())
                .extracting(KeyGroupOffsets::getCommitted)
                .containsExactly(12L, 0L);
    }

    @Test
    void a_run_that_begins_where_nothing_is_changes_nothing() {
        LongStream.range(0, 3).forEach(i -> gateway.log(0, 10));
        gateway.commit(gateway.beginRun("r1"), 0, 30);
        LogFixture.expire(gateway.store, NOW_MS + 3_600_000);

        assertRefused(() -> gateway.beginRun("r2", position(0, 19)), Status.Code.OUT_OF_RANGE, "at least 20");
        assertRefused(() -> gateway.beginRun("r2", position(0, 31)), Status.Code.INVALID_ARGUMENT, "0 to 30");
        assertRefused(() -> gateway.beginRun("r2", position(9, 0)), Status.Code.INVALID_ARGUMENT, "key group: 9");
        assertRefused(() -> gateway.beginRun(""), Status.Code.INVALID_ARGUMENT, "run: ''");
        assertThat(gateway.offsets().getEpoch()).isEqualTo(1);
    }

    @Test
    void a_commit_is_monotonic_durable_and_lifts_what_counts_as_delivered() throws Exception {
        gateway.log(0, 30);
        long epoch = gateway.beginRun("r1");

        assertThat(gateway.commit(epoch, 0, 20).getCommittedList()).containsExactly(position(0, 20), position(1, 0));
        assertThat(gateway.commit(epoch, 0, 10).getCommittedList()).containsExactly(position(0, 20), position(1, 0));

        gateway.close();
        start();
        assertThat(gateway.offsets().getKeyGroups(0).getCommitted()).isEqualTo(20);
        assertThat(gateway.offsets().getKeyGroups(0).getDelivered()).isEqualTo(20);
    }

    @Test
    void a_commit_of_an_older_run_or_behind_the_end_is_refused() {
        gateway.log(0, 30);
        long old = gateway.beginRun("r1");
        long epoch = gateway.beginRun("r2");

        assertRefused(() -> gateway.commit(old, 0, 20), Status.Code.ABORTED, "epoch: 1 (expected: 2");
        assertRefused(() -> gateway.commit(epoch, 0, 31), Status.Code.INVALID_ARGUMENT, "0 to 30");
        assertRefused(() -> gateway.commit(epoch, 2, 0), Status.Code.INVALID_ARGUMENT, "key group: 2");
        assertThat(gateway.offsets().getKeyGroups(0).getCommitted()).isZero();
    }

    @Test
    void a_read_gives_any_retained_range_in_pieces_and_moves_no_cursor() {
        LongStream.range(0, 50).forEach(i -> gateway.log(0, 10));

        List<Double> values = read(0, 123, 456);

        assertThat(values).isEqualTo(upTo(500).subList(123, 456));
        assertThat(read(0, 7, 7)).isEmpty();
        assertThat(gateway.offsets().getKeyGroups(0).getDelivered()).isZero();
    }

    @Test
    void a_read_of_what_is_gone_or_not_there_is_refused_with_distinct_codes() {
        LongStream.range(0, 3).forEach(i -> gateway.log(0, 10));
        gateway.commit(gateway.beginRun("r1"), 0, 30);
        LogFixture.expire(gateway.store, NOW_MS + 3_600_000);

        assertRefused(() -> read(0, 19, 25), Status.Code.OUT_OF_RANGE, "at least 20");
        assertRefused(() -> read(0, 20, 31), Status.Code.FAILED_PRECONDITION, "at most 30");
        assertRefused(() -> read(0, 25, 24), Status.Code.INVALID_ARGUMENT, "range");
        assertRefused(() -> read(2, 0, 0), Status.Code.INVALID_ARGUMENT, "key_group: 2");
    }

    @Test
    void a_group_that_nobody_comes_for_is_dropped_and_counted_but_a_named_one_waits_for_its_first_run()
            throws Exception {
        gateway.close();
        gateway = new PullFixture(
                folder,
                new io.tidegate.gateway.serve.ConsumerSettings(
                        List.of("app", "never"),
                        Duration.ofSeconds(1),
                        1 << 20,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(20)));
        gateway.beginRun("r1");

        gateway.nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        Awaitility.await().until(() -> gateway.store.droppedGroups() == 1);
        assertThat(gateway.store.groups()).containsOnlyKeys("never");
        assertRefused(gateway::offsets, Status.Code.NOT_FOUND, "group: app");
    }

    @Test
    void health_and_reflection_answer() throws Exception {
        HealthCheckRequest request = HealthCheckRequest.newBuilder()
                .setService("tidegate.v1.EventPull")
                .build();
        assertThat(HealthGrpc.newBlockingStub(gateway.channel).check(request).getStatus())
                .isEqualTo(ServingStatus.SERVING);

        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        ServerReflectionGrpc.newStub(gateway.channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                })
                .onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(answer.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .getListServicesResponse()
                        .getServiceList())
                .extracting(ServiceResponse::getName)
                .contains("tidegate.v1.EventPull", "grpc.health.v1.Health");
    }

    private List<Double> read(int keyGroup, long from, long until) {
        List<Double> values = new ArrayList<>();
        gateway.blocking()
                .read(ReadRequest.newBuilder()
                        .setKeyGroup(keyGroup)
                        .setFrom(from)
                        .setUntil(until)
                        .build())
                .forEachRemaining(response -> response.getChunksList().forEach(bytes -> {
                    Chunk chunk = TestReceiver.parsed(bytes);
                    for (int i = 0; i < chunk.getCount(); i++) {
                        long offset = chunk.getFirstOffset() + i;
                        if (offset >= from && offset < until) {
                            values.add(chunk.getEvents(i).getReading().getValue());
                        }
                    }
                }));
        return values;
    }

    private static void assertRefused(ThrowingCallable call, Status.Code code, String words) {
        assertThatThrownBy(call)
                .isInstanceOf(StatusRuntimeException.class)
                .satisfies(refused ->
                        assertThat(Status.fromThrowable(refused).getCode()).isEqualTo(code))
                .hasMessageContaining(words);
    }
}
