package io.tidegate.harness;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.protocol.v1.ReadRequest;
import io.tidegate.protocol.v1.ReadResponse;
import io.tidegate.protocol.v1.Reading;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What a gateway has on disk, read through its pull protocol as anybody can. */
public final class GatewayLog {

    private GatewayLog() {}

    /** Every retained reading, by key group and offset. Checks that the offsets have no gap and no repetition. */
    public static List<SentReading> readings(int pullPort) {
        return events(pullPort).stream().map(GatewayLog::sent).toList();
    }

    /** Every retained event, likewise. */
    public static List<Event> events(int pullPort) {
        return pull(pullPort, gateway -> {
            OffsetsResponse offsets = gateway.offsets(
                    OffsetsRequest.newBuilder().setGroup("processor").build());
            List<Event> events = new ArrayList<>();
            for (KeyGroupOffsets group : offsets.getKeyGroupsList()) {
                read(gateway, group, events);
            }
            return events;
        });
    }

    /** What is done over a connection of the pull protocol. */
    interface Pull {
        List<Event> from(EventPullGrpc.EventPullBlockingStub gateway) throws InvalidProtocolBufferException;
    }

    static List<Event> pull(int pullPort, Pull pull) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", pullPort)
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .build();
        try {
            return pull.from(EventPullGrpc.newBlockingStub(channel));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a chunk that is none", e);
        } finally {
            channel.shutdownNow();
        }
    }

    static void read(EventPullGrpc.EventPullBlockingStub gateway, KeyGroupOffsets group, List<Event> events)
            throws InvalidProtocolBufferException {
        if (group.getOldest() == group.getEnd()) {
            return;
        }
        Iterator<ReadResponse> answers = gateway.read(ReadRequest.newBuilder()
                .setKeyGroup(group.getKeyGroup())
                .setFrom(group.getOldest())
                .setUntil(group.getEnd())
                .build());
        long next = group.getOldest();
        while (answers.hasNext()) {
            for (ByteString bytes : answers.next().getChunksList()) {
                Chunk chunk = Chunk.parseFrom(bytes);
                if (chunk.getFirstOffset() > next || chunk.getCount() != chunk.getEventsCount()) {
                    throw new AssertionError("key group " + group.getKeyGroup() + ": a gap at offset " + next);
                }
                for (Event event :
                        chunk.getEventsList().subList((int) (next - chunk.getFirstOffset()), chunk.getCount())) {
                    events.add(event);
                    next++;
                }
            }
        }
        if (next < group.getEnd()) {
            throw new AssertionError(
                    "key group " + group.getKeyGroup() + " ends at " + next + ", not " + group.getEnd());
        }
    }

    /** What was sent, as the log has it. */
    public static SentReading sent(Event event) {
        Reading reading = event.getReading();
        return new SentReading(
                reading.getDevice(),
                reading.getMetric(),
                reading.getSeq(),
                event.getTimeUs() / 1_000,
                reading.getValue());
    }
}
