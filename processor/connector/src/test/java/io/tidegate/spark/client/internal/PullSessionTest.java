package io.tidegate.spark.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.Hello;
import io.tidegate.protocol.v1.PullRequest;
import io.tidegate.protocol.v1.PullResponse;
import io.tidegate.protocol.v1.Welcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** One stream under the rates that {@link io.tidegate.spark.dstream.BackpressureController} gives: D3 of the fault catalogue, on the receiver's side. */
class PullSessionTest {

    private static final int KEY_GROUPS = 8;

    private final AtomicLong rate = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong stored = new AtomicLong();

    /** When so many events are stored, nothing more is granted, once. */
    private volatile long fallAt = Long.MAX_VALUE;

    @Test
    void the_rate_falls_to_nothing_and_recovers_while_reads_beside_it_go_on() throws Exception {
        try (FakeGateway gateway = new FakeGateway(KEY_GROUPS, 1)) {
            GatewayClient client = GatewayClient.of(gateway.address());
            long epoch = client.beginRun("g", "run", List.of()).getEpoch();
            for (int i = 0; i < 100_000; i++) {
                gateway.append("d" + i % 100, i);
            }
            fallAt = 1_000;
            Thread session = start(client.pull(), epoch);
            await().until(() -> rate.get() == Credits.NOTHING);

            awaitStandstill();
            assertThat(stored.get())
                    .as("what was granted is held at the gateway")
                    .isLessThan(90_000);
            assertThat(client.read(new OffsetRange(0, 0, 100), Retry.FOR_EVER))
                    .as("a read on the same connection")
                    .isNotEmpty();

            rate.set(Long.MAX_VALUE);
            await().until(() -> stored.get() == 100_000 && gateway.totalDelivered() == 100_000);
            session.interrupt();
            session.join();
        }
    }

    @Test
    void at_the_minimum_rate_no_more_than_the_minimum_comes() throws Exception {
        try (FakeGateway gateway = new FakeGateway(KEY_GROUPS, 2)) {
            GatewayClient client = GatewayClient.of(gateway.address());
            long epoch = client.beginRun("g", "run", List.of()).getEpoch();
            for (int i = 0; i < 20_000; i++) {
                gateway.append("d" + i % 100, i);
            }
            rate.set(200);
            long begunNanos = System.nanoTime();
            Thread session = start(client.pull(), epoch);

            await().until(() -> stored.get() >= 600);
            long soFar = stored.get();
            double seconds = (System.nanoTime() - begunNanos) / 1e9;

            assertThat(soFar)
                    .as("a second's worth at first, then 200/s, and a frame of each key group beyond")
                    .isLessThanOrEqualTo((long) (200 * (seconds + 1)) + 150 * KEY_GROUPS);
            session.interrupt();
            session.join();
        }
    }

    @Test
    void a_gateway_that_falls_silent_is_left() throws Exception {
        try (SilentGateway gateway = new SilentGateway()) {
            CompletableFuture<Throwable> end = gateway.pull(this);

            await().until(end::isDone);
            assertThat(end.join())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("nothing from the gateway for 300 ms");
        }
    }

    @Test
    void a_stream_that_is_held_on_purpose_may_be_silent() throws Exception {
        rate.set(Credits.NOTHING);
        try (SilentGateway gateway = new SilentGateway()) {
            CompletableFuture<Throwable> end = gateway.pull(this);

            await().during(Duration.ofSeconds(1)).until(() -> !end.isDone());
        }
    }

    private Thread start(PullStream call, long epoch) {
        Thread thread = new Thread(() -> {
            try {
                session(call)
                        .run(Hello.newBuilder().setGroup("g").setEpoch(epoch).build());
            } catch (InterruptedException e) {
                call.cancel();
            }
        });
        thread.start();
        return thread;
    }

    private PullSession session(PullStream call) {
        PullSession.Limits limits = new PullSession.Limits(200_000, 32 << 20, Duration.ofMillis(10), 100);
        return new PullSession(call, limits, this::store, rate::get);
    }

    private void store(BlockBuilder block) {
        BlockRange.ofMetadata(block.metadata()).forEach(range -> stored.addAndGet(range.next() - range.from()));
        if (stored.get() >= fallAt) {
            fallAt = Long.MAX_VALUE;
            rate.set(Credits.NOTHING);
        }
    }

    private void awaitStandstill() {
        AtomicLong before = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(500)).until(() -> before.getAndSet(stored.get()) == stored.get());
    }

    /** Says welcome, and never a word again. */
    private static final class SilentGateway extends EventPullGrpc.EventPullImplBase implements AutoCloseable {
        private final Server server;
        private final ManagedChannel channel;

        SilentGateway() throws IOException {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(this)
                    .build()
                    .start();
            channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                    .usePlaintext()
                    .build();
        }

        CompletableFuture<Throwable> pull(PullSessionTest test) {
            PullStream call = PullStream.open(EventPullGrpc.newStub(channel));
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    test.session(call).run(Hello.getDefaultInstance());
                } catch (InterruptedException | RuntimeException e) {
                    end.complete(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
            return end;
        }

        @Override
        public StreamObserver<PullRequest> pull(StreamObserver<PullResponse> responses) {
            return new StreamObserver<>() {
                @Override
                public void onNext(PullRequest request) {
                    if (request.hasHello()) {
                        responses.onNext(PullResponse.newBuilder()
                                .setWelcome(Welcome.newBuilder()
                                        .setHeartbeatIntervalMs(50)
                                        .setSessionTimeoutMs(300))
                                .build());
                    }
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {}
            };
        }

        @Override
        public void close() {
            channel.shutdownNow();
            server.shutdownNow();
        }
    }
}
