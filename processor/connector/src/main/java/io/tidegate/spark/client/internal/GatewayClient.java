package io.tidegate.spark.client.internal;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tidegate.protocol.ChecksumCodec;
import io.tidegate.protocol.v1.BeginRun;
import io.tidegate.protocol.v1.CommitRequest;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.protocol.v1.Position;
import io.tidegate.protocol.v1.ReadRequest;
import io.tidegate.protocol.v1.ReadResponse;
import io.tidegate.spark.client.FencedException;
import io.tidegate.spark.client.GatewayUnavailableException;
import io.tidegate.spark.client.TrimmedException;
import io.tidegate.spark.event.EventChunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;

/**
 * A gateway's pull service. One channel per address and JVM, shared by the receiver, the tasks and the door; it lives as
 * long as the JVM. Safe for any thread; calls wait for an answer and end early when their thread is interrupted.
 */
public final class GatewayClient {

    /** The key of the Spark configuration that holds the gateway's {@code host:port}; not part of any checkpoint. */
    public static final String ADDRESS = "spark.tidegate.gateway";

    private static final int MAX_MESSAGE_BYTES = 64 << 20;
    private static final long ANSWER_SECONDS = 10;
    private static final long READ_SECONDS = 60;
    private static final Map<String, GatewayClient> SHARED = new ConcurrentHashMap<>();

    private final String address;
    private final ManagedChannel channel;

    private GatewayClient(String address) {
        this.address = address;
        channel = NettyChannelBuilder.forTarget(address)
                .usePlaintext()
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .compressorRegistry(ChecksumCodec.compressors())
                .decompressorRegistry(ChecksumCodec.decompressors())
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
    }

    /** The client of an address, {@code host:port}; nothing is connected before the first call. */
    public static GatewayClient of(String address) {
        return SHARED.computeIfAbsent(address, GatewayClient::new);
    }

    /**
     * The client of the address that this JVM's Spark was started with; on the driver and on every executor.
     *
     * @throws IllegalStateException when {@value #ADDRESS} is not set
     */
    public static GatewayClient ofThisJvm() {
        String address = SparkEnv.get().conf().get(ADDRESS, "");
        if (address.isEmpty()) {
            throw new IllegalStateException(ADDRESS + ": not set (expected: host:port of the gateway)");
        }
        return of(address);
    }

    /**
     * Where everything stands; opens no run. One attempt.
     *
     * @throws StatusRuntimeException when the gateway is away or refuses
     */
    public OffsetsResponse offsets(String group) {
        return offsets(OffsetsRequest.newBuilder().setGroup(group).build());
    }

    /**
     * Where everything stands, as a request asks; it may open a run. One attempt.
     *
     * @throws StatusRuntimeException when the gateway is away or refuses
     */
    public OffsetsResponse offsets(OffsetsRequest request) {
        return stub(ANSWER_SECONDS).offsets(request);
    }

    /**
     * The same, tried until the gateway answers.
     *
     * @param patience how long an absent gateway is waited for
     * @throws GatewayUnavailableException when it stayed away for longer
     * @throws StatusRuntimeException when the gateway refuses and goes on refusing
     */
    public OffsetsResponse offsets(OffsetsRequest request, Duration patience) {
        return patiently(patience, "where the log stands", () -> offsets(request));
    }

    /**
     * Where everything stands, and from which offset on events were received at a time or later; tried until the gateway
     * answers.
     *
     * @param timeMs epoch milliseconds, by the gateway's clock
     * @param patience how long an absent gateway is waited for
     * @return without {@code receivedFrom} when the gateway is too old to tell
     * @throws GatewayUnavailableException when it stayed away for longer
     */
    public LogStatus receivedFrom(long timeMs, Duration patience) {
        OffsetsRequest request = OffsetsRequest.newBuilder()
                .setReceivedFromMs(Math.max(1, timeMs))
                .build();
        return LogStatus.of(address, offsets(request, patience));
    }

    /**
     * Opens a new run of a group, fencing older ones, and tells where everything stands. Tries until the gateway answers.
     *
     * @param run unique per start of the application
     * @param deliverFrom where delivery begins, by key group; empty: where the group's commit stands
     * @throws StatusRuntimeException when the gateway refuses and goes on refusing
     */
    public OffsetsResponse beginRun(String group, String run, List<Long> deliverFrom) {
        BeginRun.Builder begin = BeginRun.newBuilder().setRun(run).addAllDeliverFrom(positions(deliverFrom));
        OffsetsRequest request =
                OffsetsRequest.newBuilder().setGroup(group).setBeginRun(begin).build();
        return patiently(Retry.FOR_EVER, "a new run of group " + group, () -> offsets(request));
    }

    /**
     * Moves the committed cursor of a group; a lower position than the cursor's has no effect. One attempt.
     *
     * @param positions by key group; empty: the cursor stays, and the group is kept alive
     * @throws FencedException when a newer run has taken over
     * @throws StatusRuntimeException when the gateway is away or refuses
     */
    public void commit(String group, long epoch, List<Long> positions) {
        CommitRequest request = CommitRequest.newBuilder()
                .setGroup(group)
                .setEpoch(epoch)
                .addAllPositions(positions(positions))
                .build();
        try {
            var unused = stub(ANSWER_SECONDS).commit(request);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.ABORTED) {
                throw new FencedException("group " + group + ", epoch " + epoch + ": a newer run has taken over", e);
            }
            throw e;
        }
    }

    /**
     * Reads a retained range.
     *
     * @param patience how long an absent gateway is waited for
     * @return what covers the range: each offset once, ascending
     * @throws GatewayUnavailableException when it stayed away for longer
     * @throws StatusRuntimeException when the gateway refuses and goes on refusing: the range is not of its log, say
     * @throws TrimmedException when the range begins before the oldest retained event
     */
    public List<EventChunk> read(OffsetRange range, Duration patience) {
        ReadRequest request = ReadRequest.newBuilder()
                .setKeyGroup(range.keyGroup())
                .setFrom(range.from())
                .setUntil(range.next())
                .build();
        String what = "events of " + range;
        List<byte[]> chunks;
        try {
            chunks = patiently(patience, what, () -> chunks(stub(READ_SECONDS).read(request)));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.OUT_OF_RANGE) {
                throw new TrimmedException(what + ": trimmed at gateway " + address, e);
            }
            throw e;
        }
        return ChunkSlicer.cut(List.of(range), chunks)
                .orElseThrow(() -> new IllegalStateException("chunks: a hole (expected: " + range + ")"));
    }

    /** Opens a pull stream on a connection of its own, as the last one's may be dead; used by one thread. */
    public PullStream pull() {
        channel.enterIdle();
        return PullStream.open(EventPullGrpc.newStub(channel).withCompression(ChecksumCodec.NAME));
    }

    private <T> T patiently(Duration patience, String what, Supplier<T> call) {
        String whatAndWhere = what + " at gateway " + address;
        try {
            return Retry.within(patience, whatAndWhere, call);
        } catch (StatusRuntimeException e) {
            if (Retry.isRefusal(e.getStatus().getCode())
                    || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            throw new GatewayUnavailableException(
                    whatAndWhere + ": no answer for " + patience.toSeconds() + " s (" + e.getStatus()
                            + "; expected: a running gateway's pull port)",
                    e);
        }
    }

    private static List<Position> positions(List<Long> next) {
        return IntStream.range(0, next.size())
                .mapToObj(keyGroup -> position(keyGroup, next.get(keyGroup)))
                .toList();
    }

    static Position position(int keyGroup, long next) {
        return Position.newBuilder().setKeyGroup(keyGroup).setNext(next).build();
    }

    /** For one attempt: connects at once, however long the channel would wait since the last one. */
    private EventPullGrpc.EventPullBlockingStub stub(long seconds) {
        channel.resetConnectBackoff();
        return EventPullGrpc.newBlockingStub(channel)
                .withCompression(ChecksumCodec.NAME)
                .withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }

    private static List<byte[]> chunks(Iterator<ReadResponse> responses) {
        List<byte[]> chunks = new ArrayList<>();
        responses.forEachRemaining(
                response -> response.getChunksList().forEach(chunk -> chunks.add(chunk.toByteArray())));
        return chunks;
    }
}
