package io.tidegate.gateway.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The consumer groups: their cursors, and what expired before they had committed it. Thread-safe.
 *
 * <p>Law: a committed position is never below the oldest retained event of its key group.
 */
final class GroupTable {

    private static final byte[] DROPPED = Codec.text("groups/dropped");
    private static final String EXPIRED = "groups/expired/";

    private final RocksDatabase columns;
    private final ChunkTable chunks;
    private final Map<String, GroupCursors> groups = new ConcurrentHashMap<>();
    private final Map<String, ExpiredEvents> expired = new ConcurrentHashMap<>();

    GroupTable(RocksDatabase columns, ChunkTable chunks) {
        this.columns = columns;
        this.chunks = chunks;
        columns.iterate(columns.cursors, cursors -> {
            for (cursors.seekToFirst(); cursors.isValid(); cursors.next()) {
                GroupCursors group = Codec.cursors(cursors.key(), cursors.value());
                groups.put(group.group(), group);
            }
            return "";
        });
        for (String group : groups.keySet()) {
            byte[] stored = columns.get(columns.meta, expiredKey(group), () -> Codec.longs(0, 0));
            expired.put(group, new ExpiredEvents(Codec.longAt(stored, 0), Codec.longAt(stored, 1)));
        }
    }

    Map<String, GroupCursors> all() {
        return new TreeMap<>(groups);
    }

    ExpiredEvents expired(String group) {
        return expired.getOrDefault(group, ExpiredEvents.NONE);
    }

    /** Keeps a group's cursors; what has expired counts as committed. */
    synchronized void save(GroupCursors group, boolean sync) {
        GroupCursors saved = raised(group);
        RocksDatabase.Fill fill = batch -> put(saved, batch);
        if (sync) {
            columns.commit(fill);
        } else {
            columns.writeBehind(fill);
        }
        groups.put(saved.group(), saved);
    }

    private GroupCursors raised(GroupCursors group) {
        List<Long> committed = new ArrayList<>(group.committed());
        for (int keyGroup = 0; keyGroup < committed.size(); keyGroup++) {
            committed.set(keyGroup, Math.max(committed.get(keyGroup), chunks.oldest(keyGroup)));
        }
        return group.at(group.delivered(), committed);
    }

    private void put(GroupCursors group, WriteBatch batch) throws RocksDBException {
        batch.put(columns.cursors, Codec.text(group.group()), Codec.cursors(group));
    }

    synchronized void drop(String group) {
        columns.commit(batch -> {
            batch.delete(columns.cursors, Codec.text(group));
            batch.delete(columns.meta, expiredKey(group));
            batch.put(columns.meta, DROPPED, Codec.longs(dropped() + 1));
        });
        groups.remove(group);
        expired.remove(group);
    }

    long dropped() {
        return columns.number(DROPPED);
    }

    /** The least committed position of a key group; the greatest number there is without any group. */
    long slowest(int keyGroup) {
        return groups.values().stream()
                .mapToLong(group -> group.committed().get(keyGroup))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Forgets chunks whoever needs them, and counts them for each group that had not committed them. */
    synchronized void expire(List<ChunkTable.Trimming> gone) {
        RocksDatabase.Fill chunksGone = chunks.begin(gone);
        Map<String, GroupCursors> raised = new TreeMap<>();
        Map<String, ExpiredEvents> counted = new TreeMap<>();
        groups.forEach((name, group) -> {
            GroupCursors after = raised(group);
            long events = sum(after.committed()) - sum(group.committed());
            if (events > 0) {
                raised.put(name, after);
                counted.put(name, new ExpiredEvents(expired(name).events() + events, group.epoch()));
            }
        });
        columns.commit(batch -> {
            chunksGone.into(batch);
            for (GroupCursors group : raised.values()) {
                put(group, batch);
            }
            for (Map.Entry<String, ExpiredEvents> count : counted.entrySet()) {
                ExpiredEvents total = count.getValue();
                batch.put(columns.meta, expiredKey(count.getKey()), Codec.longs(total.events(), total.epoch()));
            }
        });
        chunks.end(gone);
        groups.putAll(raised);
        expired.putAll(counted);
    }

    private static long sum(List<Long> positions) {
        return positions.stream().mapToLong(Long::longValue).sum();
    }

    private static byte[] expiredKey(String group) {
        return Codec.text(EXPIRED + group);
    }
}
