package io.tidegate.spark.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.spark.client.FencedException;
import io.tidegate.spark.client.internal.FakeGateway;
import io.tidegate.spark.client.internal.GatewayClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OffsetCommitterTest {
    private FakeGateway gateway;
    private GatewayClient client;
    private long epoch;

    @BeforeEach
    void start() throws IOException {
        gateway = new FakeGateway(1, 1);
        client = GatewayClient.of(gateway.address());
        for (int i = 0; i < 100; i++) {
            gateway.append("d", i);
        }
        epoch = client.beginRun("g", "run", List.of()).getEpoch();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_committer_tells_when_the_gateway_goes_on_refusing() {
        try (OffsetCommitter committer = new OffsetCommitter(client, "g", epoch)) {
            committer.commit(List.of(101L));

            await().untilAsserted(() -> assertThatThrownBy(committer::check)
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("INVALID_ARGUMENT: behind the end"));
        }
    }

    @Test
    void a_commit_of_an_older_run_is_refused() {
        long newer = client.beginRun("g", "newer", List.of()).getEpoch();

        assertThatThrownBy(() -> client.commit("g", epoch, List.of(50L))).isInstanceOf(FencedException.class);
        client.commit("g", newer, List.of(50L));

        assertThat(gateway.committed()).containsExactly(50);
    }

    @Test
    void a_commit_never_steps_back() {
        client.commit("g", epoch, List.of(50L));
        client.commit("g", epoch, List.of(40L));

        assertThat(gateway.committed()).containsExactly(50);
        assertThatThrownBy(() -> client.commit("g", epoch, List.of(101L))).isInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void a_committer_is_through_when_the_gateway_is_back() throws IOException {
        try (OffsetCommitter committer = new OffsetCommitter(client, "g", epoch)) {
            gateway.stop();
            committer.commit(List.of(10L));
            committer.commit(List.of(30L));
            gateway.start();

            await().until(() -> gateway.totalCommitted() == 30);
            committer.check();
        }
    }

    @Test
    void a_committer_tells_when_a_newer_run_took_over() {
        try (OffsetCommitter committer = new OffsetCommitter(client, "g", epoch)) {
            OffsetsResponse unused = client.beginRun("g", "newer", List.of());
            committer.commit(List.of(10L));

            await().untilAsserted(() -> assertThatThrownBy(committer::check).isInstanceOf(FencedException.class));
            assertThat(gateway.totalCommitted()).isZero();
        }
    }

    @Test
    void a_log_that_can_not_be_the_jobs_own_is_refused() {
        OffsetsResponse offsets = client.beginRun("g", "run", List.of());

        assertThatThrownBy(() -> BatchOffsets.refuseOtherLog(
                        offsets, GatewayOptions.of("g").withKeyGroups(8), null))
                .hasMessage("key groups of gateway fake: 1 (expected: 8)");
        assertThatThrownBy(() -> BatchOffsets.refuseOtherLog(
                        offsets, GatewayOptions.of("g"), new BatchOffsets(new long[] {101})))
                .hasMessageContaining("ends at 100 (expected: at least 101");
        BatchOffsets.refuseOtherLog(
                offsets, GatewayOptions.of("g").withKeyGroups(1), new BatchOffsets(new long[] {100}));
    }
}
