package io.tidegate.gateway.serve;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tidegate.gateway.admission.ManualClock;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.LogFixture;
import io.tidegate.gateway.log.LogSettings;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.PendingChunk;
import io.tidegate.gateway.log.RocksLogStore;
import io.tidegate.junit.Patience;
import io.tidegate.protocol.ChecksumCodec;
import io.tidegate.protocol.v1.BeginRun;
import io.tidegate.protocol.v1.CommitRequest;
import io.tidegate.protocol.v1.CommitResponse;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.protocol.v1.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A gateway from the log to the wire, on a free port, with a clock for receipts and one for time-outs. */
final class PullFixture implements AutoCloseable {

    static final String GROUP = "app";

    final ManualClock clock = new ManualClock(NOW_MS);
    final AtomicLong nanos = new AtomicLong();
    final ConsumerCounters counters = new ConsumerCounters();
    final LogStore store;
    final SeenThrough seen;
    final ManagedChannel channel;
    final PullServer server;

    private final ActorTestKit kit = ActorTestKit.create();
    private final ActorRef<EventLog.Command> log;
    private final ActorRef<ConsumerGroups.Command> groups;
    private final long[] next = new long[2];

    PullFixture(Path folder, ConsumerSettings settings) throws Exception {
        LogSettings log = LogFixture.settings(folder);
        store = RocksLogStore.open(log, 2, "g1");
        seen = new SeenThrough(clock, Duration.ofMillis(100), store.receivedAtOpen());
        this.log = kit.spawn(EventLog.create(store, presence -> {}, clock));
        ServeContext shared = new ServeContext(store, this.log, seen, settings, counters, nanos::get);
        groups = kit.spawn(ConsumerGroups.create(shared));
        server = PullServer.start(kit.system(), new PullSettings("127.0.0.1", 0, false, settings), groups, shared);
        channel = channel(server.port());
        for (int keyGroup = 0; keyGroup < 2; keyGroup++) {
            next[keyGroup] = store.tail(keyGroup).next();
        }
    }

    /** A connection of its own. */
    static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .maxInboundMessageSize(8 << 20)
                .compressorRegistry(ChecksumCodec.compressors())
                .decompressorRegistry(ChecksumCodec.decompressors())
                .build();
    }

    static ConsumerSettings settings() {
        return new ConsumerSettings(
                List.of(GROUP),
                Duration.ofDays(1),
                1 << 20,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(20));
    }

    static ConsumerSettings settings(long maxFrameBytes) {
        ConsumerSettings usual = settings();
        return new ConsumerSettings(
                usual.groups(),
                usual.groupExpiry(),
                maxFrameBytes,
                usual.heartbeatInterval(),
                usual.sessionTimeout(),
                usual.progressInterval());
    }

    /** Logs a chunk of events whose values are their offsets, and waits until it is durable. */
    void log(int keyGroup, int count) {
        PendingChunk chunk = LogFixture.chunk(keyGroup, next[keyGroup], count, clock.millis());
        next[keyGroup] += count;
        var durable = kit.<EventLog.Durable>createTestProbe();
        log.tell(new EventLog.Append(LogFixture.append(chunk), durable.getRef()));
        durable.receiveMessage();
    }

    EventPullGrpc.EventPullBlockingStub blocking() {
        return EventPullGrpc.newBlockingStub(channel).withDeadlineAfter(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    long beginRun(String run, Position... deliverFrom) {
        return offsets(BeginRun.newBuilder()
                        .setRun(run)
                        .addAllDeliverFrom(List.of(deliverFrom))
                        .build())
                .getEpoch();
    }

    OffsetsResponse offsets(BeginRun begin) {
        return blocking()
                .offsets(OffsetsRequest.newBuilder()
                        .setGroup(GROUP)
                        .setBeginRun(begin)
                        .build());
    }

    OffsetsResponse offsets() {
        return blocking().offsets(OffsetsRequest.newBuilder().setGroup(GROUP).build());
    }

    CommitResponse commit(long epoch, int keyGroup, long position) {
        return blocking()
                .commit(CommitRequest.newBuilder()
                        .setGroup(GROUP)
                        .setEpoch(epoch)
                        .addPositions(position(keyGroup, position))
                        .build());
    }

    TestReceiver connect(long epoch) {
        return TestReceiver.connect(EventPullGrpc.newStub(channel), GROUP, epoch);
    }

    static Position position(int keyGroup, long next) {
        return Position.newBuilder().setKeyGroup(keyGroup).setNext(next).build();
    }

    void stopGroups() {
        groups.tell(ConsumerGroups.Stop.NOW);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
        kit.shutdownTestKit();
        store.close();
    }
}
