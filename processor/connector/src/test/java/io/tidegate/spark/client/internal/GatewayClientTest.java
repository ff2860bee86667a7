package io.tidegate.spark.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.tidegate.spark.client.TrimmedException;
import io.tidegate.spark.event.EventChunk;
import java.io.IOException;
import java.time.Duration;
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
        CompletableFuture<List<EventChunk>> reading =
                CompletableFuture.supplyAsync(() -> client.read(new OffsetRange(0, 10, 90), Retry.FOR_EVER));
        await().during(Duration.ofMillis(300)).until(() -> !reading.isDone());

        gateway.start();

        await().until(reading::isDone);
        assertThat(reading.join().stream().mapToInt(EventChunk::count).sum()).isEqualTo(80);
    }

    @Test
    void reading_what_is_trimmed_fails_at_once() {
        client.commit("g", epoch, List.of(50L));

        assertThatThrownBy(() -> client.read(new OffsetRange(0, 49, 60), Retry.FOR_EVER))
                .isInstanceOf(TrimmedException.class)
                .hasMessageContaining("key group 0 from 49 until 60");
        assertThat(client.read(new OffsetRange(0, 50, 60), Retry.FOR_EVER)).isNotEmpty();
    }

    @Test
    void reading_what_the_log_does_not_hold_fails_and_is_not_tried_for_ever() {
        assertThatThrownBy(() -> client.read(new OffsetRange(0, 50, 101), Retry.FOR_EVER))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("FAILED_PRECONDITION: behind the end");
    }
}
