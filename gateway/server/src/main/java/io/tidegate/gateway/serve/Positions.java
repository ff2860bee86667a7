package io.tidegate.gateway.serve;

import io.tidegate.gateway.log.LogStore;
import io.tidegate.protocol.v1.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Arithmetic of positions by key group, and the sentences about wrong ones. */
public final class Positions {

    private Positions() {}

    /** By key group; where one stands twice, the greater counts. */
    public static Map<Integer, Long> byKeyGroup(List<Position> positions) {
        Map<Integer, Long> byKeyGroup = new HashMap<>();
        positions.forEach(position -> byKeyGroup.merge(position.getKeyGroup(), position.getNext(), Math::max));
        return byKeyGroup;
    }

    /** As the wire has them. */
    public static List<Position> onTheWire(List<Long> positions) {
        return IntStream.range(0, positions.size())
                .mapToObj(keyGroup -> Position.newBuilder()
                        .setKeyGroup(keyGroup)
                        .setNext(positions.get(keyGroup))
                        .build())
                .toList();
    }

    static List<Long> raised(List<Long> cursors, Map<Integer, Long> positions) {
        List<Long> raised = new ArrayList<>(cursors);
        positions.forEach((keyGroup, next) -> raised.set(keyGroup, Math.max(raised.get(keyGroup), next)));
        return raised;
    }

    static List<Long> replaced(List<Long> cursors, Map<Integer, Long> positions) {
        List<Long> replaced = new ArrayList<>(cursors);
        positions.forEach(replaced::set);
        return replaced;
    }

    /** What is wrong with positions that should be of this log. */
    static Optional<GroupReply.Refused> known(Map<Integer, Long> positions, LogStore store) {
        for (Map.Entry<Integer, Long> position : positions.entrySet()) {
            int keyGroup = position.getKey();
            if (keyGroup < 0 || keyGroup >= store.keyGroups()) {
                return refused(
                        RefusalReason.INVALID,
                        "key group: " + keyGroup + " (expected: 0 to " + (store.keyGroups() - 1) + ")");
            }
            long end = store.tail(keyGroup).next();
            if (position.getValue() < 0 || position.getValue() > end) {
                return refused(
                        RefusalReason.INVALID,
                        "position of key group " + keyGroup + ": " + position.getValue() + " (expected: 0 to " + end
                                + ", the end of the log of gateway " + store.gateway() + ")");
            }
        }
        return Optional.empty();
    }

    /** What is wrong with positions from which delivery should begin. */
    static Optional<GroupReply.Refused> deliverable(Map<Integer, Long> positions, LogStore store) {
        return known(positions, store)
                .or(() -> positions.entrySet().stream()
                        .filter(position -> position.getValue() < store.oldest(position.getKey()))
                        .findFirst()
                        .flatMap(position -> refused(
                                RefusalReason.TRIMMED,
                                "position of key group " + position.getKey() + ": " + position.getValue()
                                        + " (expected: at least " + store.oldest(position.getKey())
                                        + ", the oldest retained event)")));
    }

    private static Optional<GroupReply.Refused> refused(RefusalReason reason, String message) {
        return Optional.of(new GroupReply.Refused(reason, message));
    }
}
