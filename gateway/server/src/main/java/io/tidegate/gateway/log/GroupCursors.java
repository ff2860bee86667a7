package io.tidegate.gateway.log;

import java.util.List;

/**
 * How far a consumer group is, by key group. Positions are exclusive: the offset of the next event.
 *
 * @param group its name
 * @param run the newest application run, empty before the first
 * @param epoch counts the runs
 * @param delivered acknowledged by a receiver after storing
 * @param committed will never be asked for again: may be trimmed
 */
public record GroupCursors(String group, String run, long epoch, List<Long> delivered, List<Long> committed) {

    /** Keeps its own copies. */
    public GroupCursors {
        delivered = List.copyOf(delivered);
        committed = List.copyOf(committed);
    }

    /** The same run of the group at other positions. */
    public GroupCursors at(List<Long> nowDelivered, List<Long> nowCommitted) {
        return new GroupCursors(group, run, epoch, nowDelivered, nowCommitted);
    }
}
