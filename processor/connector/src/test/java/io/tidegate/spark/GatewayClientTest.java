package io.tidegate.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.protocol.v1.Position;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayClientTest {
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
    void one_address_has_one_client() {
        assertThat(GatewayClient.of(gateway.address())).isSameAs(client);
    }

    @Test
    void the_same_run_has_the_same_epoch_and_a_new_one_the_next() {
        assertThat(client.beginRun("g", "run", List.of()).getEpoch()).isEqualTo(epoch);
        assertThat(client.beginRun("g", "newer", List.of()).getEpoch()).isEqualTo(epoch + 1);
    }

    @Test
    void reading_waits_for_a_gateway_that_is_away() throws IOException {
        gateway.stop();
        CompletableFuture<List<byte[]>> reading = CompletableFuture.supplyAsync(() -> client.read(0, 10, 90));
        await().during(java.time.Duration.ofMillis(300)).until(() -> !reading.isDone());

        gateway.start();

        await().until(reading::isDone);
        assertThat(Slices.cut(List.of(new Range(0, 10, 90)), reading.join())).isPresent();
    }

    @Test
    void reading_what_is_trimmed_fails_at_once() {
        client.commit("g", epoch, positions(50));

        assertThatThrownBy(() -> client.read(0, 49, 60))
                .isInstanceOf(TrimmedException.class)
                .hasMessageContaining("key group 0 from 49 until 60");
        assertThat(client.read(0, 50, 60)).isNotEmpty();
    }

    @Test
    void reading_what_the_log_does_not_hold_fails_and_is_not_tried_for_ever() {
        assertThatThrownBy(() -> client.read(0, 50, 101))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("FAILED_PRECONDITION: behind the end");
    }

    @Test
    void a_committer_tells_when_the_gateway_goes_on_refusing() {
        try (Committer committer = new Committer(client, "g", epoch)) {
            committer.commit(positions(101));

            await().untilAsserted(() -> assertThatThrownBy(committer::check)
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("INVALID_ARGUMENT: behind the end"));
        }
    }

    @Test
    void a_commit_of_an_older_run_is_refused() {
        long newer = client.beginRun("g", "newer", List.of()).getEpoch();

        assertThatThrownBy(() -> client.commit("g", epoch, positions(50))).isInstanceOf(FencedException.class);
        client.commit("g", newer, positions(50));

        assertThat(gateway.committed()).containsExactly(50);
    }

    @Test
    void a_commit_never_steps_back() {
        client.commit("g", epoch, positions(50));
        client.commit("g", epoch, positions(40));

        assertThat(gateway.committed()).containsExactly(50);
        assertThatThrownBy(() -> client.commit("g", epoch, positions(101))).isInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void a_committer_is_through_when_the_gateway_is_back() throws IOException {
        try (Committer committer = new Committer(client, "g", epoch)) {
            gateway.stop();
            committer.commit(positions(10));
            committer.commit(positions(30));
            gateway.start();

            await().until(() -> gateway.totalCommitted() == 30);
            committer.check();
        }
    }

    @Test
    void a_committer_tells_when_a_newer_run_took_over() {
        try (Committer committer = new Committer(client, "g", epoch)) {
            OffsetsResponse unused = client.beginRun("g", "newer", List.of());
            committer.commit(positions(10));

            await().untilAsserted(() -> assertThatThrownBy(committer::check).isInstanceOf(FencedException.class));
            assertThat(gateway.totalCommitted()).isZero();
        }
    }

    @Test
    void a_log_that_can_not_be_the_jobs_own_is_refused() {
        OffsetsResponse offsets = client.beginRun("g", "run", List.of());

        assertThatThrownBy(() -> StartCheck.refuseOtherLog(
                        offsets, GatewayOptions.of("g").withKeyGroups(8), null))
                .hasMessage("key groups of gateway fake: 1 (expected: 8)");
        assertThatThrownBy(() -> StartCheck.refuseOtherLog(offsets, GatewayOptions.of("g"), new Ends(new long[] {101})))
                .hasMessageContaining("ends at 100 (expected: at least 101");
        StartCheck.refuseOtherLog(offsets, GatewayOptions.of("g").withKeyGroups(1), new Ends(new long[] {100}));
    }

    private static List<Position> positions(long next) {
        return List.of(Position.newBuilder().setKeyGroup(0).setNext(next).build());
    }
}
