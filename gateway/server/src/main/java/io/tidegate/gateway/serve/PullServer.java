package io.tidegate.gateway.serve;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.tidegate.protocol.ChecksumCodec;
import io.tidegate.protocol.v1.EventPullGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The gRPC server of the pull protocol, with the standard health and reflection services. Life cycle: {@link #start},
 * {@link #close}.
 */
public final class PullServer implements AutoCloseable {

    // What a receiver sends is small: acknowledgements of up to 1,024 key groups.
    private static final int MAX_INBOUND_BYTES = 1 << 20;
    // A client may ping this often without being cut off; clients are told 10 s.
    private static final long PERMITTED_PING_SECONDS = 5;
    private static final long PATIENCE_SECONDS = 2;

    /** Answers carry a checksum when the client says that it knows it, else gRPC leaves it away. */
    private static final class WithChecksum implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            call.setCompression(ChecksumCodec.NAME);
            return next.startCall(call, headers);
        }
    }

    private final Server server;
    private final HealthStatusManager health;

    private PullServer(Server server, HealthStatusManager health) {
        this.server = server;
        this.health = health;
    }

    /**
     * Binds and serves.
     *
     * @param groups gets the calls
     * @param shared the same that {@code groups} works with
     * @throws IOException when the address can't be bound
     */
    public static PullServer start(
            ActorSystem<?> system, PullSettings settings, ActorRef<ConsumerGroups.Command> groups, ServeContext shared)
            throws IOException {
        HealthStatusManager health = new HealthStatusManager();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
                .addService(new PullService(system, groups, shared))
                .compressorRegistry(ChecksumCodec.compressors())
                .decompressorRegistry(ChecksumCodec.decompressors())
                .intercept(new WithChecksum())
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance())
                .maxInboundMessageSize(MAX_INBOUND_BYTES)
                .permitKeepAliveTime(PERMITTED_PING_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .build()
                .start();
        health.setStatus(EventPullGrpc.SERVICE_NAME, ServingStatus.SERVING);
        return new PullServer(server, health);
    }

    /** The port that is bound. */
    public int port() {
        return server.getPort();
    }

    /** Takes no new calls, waits two seconds for those that run, then cuts them. Idempotent. */
    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdown();
        try {
            if (!server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
