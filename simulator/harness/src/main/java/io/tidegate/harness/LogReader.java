package io.tidegate.harness;

import io.tidegate.protocol.v1.BeginRun;
import io.tidegate.protocol.v1.CommitRequest;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.protocol.v1.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a gateway's log on and on and commits what it has read, as a processor does, so that the log may let go of it. */
public final class LogReader {

    private final int pullPort;
    private final Map<Integer, Long> next = new HashMap<>();

    /** Begins at the oldest retained event. */
    public LogReader(int pullPort) {
        this.pullPort = pullPort;
    }

    /** What came since the last time, each event once. */
    public List<Event> readAndCommit() {
        return GatewayLog.pull(pullPort, gateway -> {
            OffsetsResponse offsets = gateway.offsets(OffsetsRequest.newBuilder()
                    .setGroup("processor")
                    .setBeginRun(BeginRun.newBuilder().setRun("run"))
                    .build());
            CommitRequest.Builder commit =
                    CommitRequest.newBuilder().setGroup("processor").setEpoch(offsets.getEpoch());
            List<Event> events = new ArrayList<>();
            for (KeyGroupOffsets group : offsets.getKeyGroupsList()) {
                long from = Math.max(group.getOldest(), next.getOrDefault(group.getKeyGroup(), 0L));
                GatewayLog.read(gateway, group.toBuilder().setOldest(from).build(), events);
                next.put(group.getKeyGroup(), group.getEnd());
                commit.addPositions(
                        Position.newBuilder().setKeyGroup(group.getKeyGroup()).setNext(group.getEnd()));
            }
            gateway.commit(commit.build());
            return events;
        });
    }
}
