package io.tidegate.gateway.log;

import io.tidegate.protocol.v1.Chunk;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * The gateway's state on disk: chunks, dead letters, presence, tallies and cursors in one RocksDB. {@link EventLog} alone
 * calls {@link #append} and {@link #expire}, one call at a time; everything else may be called from any thread and sees
 * only what is durable. Every method may wait for the disk.
 *
 * <p>Law: {@code logged = trimmed + retained}, see {@link LogLedger}.
 */
public final class LogStore implements AutoCloseable {

    private static final String TALLY = "tally/";
    private static final byte[] DROPPED = Codec.text("groups/dropped");

    private final LogSettings settings;
    private final int keyGroups;
    private final String gateway;
    private final Columns columns;
    private final FileStore disk;
    private final ChunkTable chunks;
    private final DeadLetterTable deadLetters;
    private final Object trimming = new Object();
    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    private final Map<String, GroupCursors> groups = new ConcurrentHashMap<>();

    private LogStore(LogSettings settings, int keyGroups, String gateway, Columns columns, FileStore disk) {
        this.disk = disk;
        this.settings = settings;
        this.keyGroups = keyGroups;
        this.gateway = gateway;
        this.columns = columns;
        this.chunks = new ChunkTable(columns, keyGroups);
        this.deadLetters = new DeadLetterTable(columns);
        columns.iterate(columns.meta, meta -> {
            for (meta.seek(Codec.text(TALLY)); meta.isValid(); meta.next()) {
                String key = Codec.text(meta.key());
                if (!key.startsWith(TALLY)) {
                    break;
                }
                tallies.put(key.substring(TALLY.length()), Codec.tally(meta.value()));
            }
            return "";
        });
        columns.iterate(columns.cursors, cursors -> {
            for (cursors.seekToFirst(); cursors.isValid(); cursors.next()) {
                GroupCursors group = Codec.cursors(cursors.key(), cursors.value());
                groups.put(group.group(), group);
            }
            return "";
        });
    }

    /**
     * Opens the folder, or begins a new one.
     *
     * @param keyGroups the number of key groups; frozen by the first start
     * @param gateway this gateway's id; frozen by the first start
     * @throws LogRefused when another process has it, it was begun with another {@code keyGroups} or {@code gateway}, a
     *     newer version wrote it, or it is damaged
     */
    public static LogStore open(LogSettings settings, int keyGroups, String gateway) throws LogRefused {
        Columns columns = Columns.open(settings.folder());
        try {
            LogFormat.check(settings.folder(), columns, keyGroups, gateway);
            return new LogStore(settings, keyGroups, gateway, columns, Files.getFileStore(settings.folder()));
        } catch (IOException e) {
            columns.close();
            throw new LogRefused(
                    LogRefused.Reason.NO_FOLDER, "log folder " + settings.folder() + ": " + e.getMessage(), e);
        } catch (LogFailure e) {
            columns.close();
            throw new LogRefused(
                    LogRefused.Reason.DAMAGED, "log folder " + settings.folder() + ": " + e.getMessage(), e);
        } catch (LogRefused | RuntimeException e) {
            columns.close();
            throw e;
        }
    }

    /** How it was opened. */
    public LogSettings settings() {
        return settings;
    }

    /** The number of key groups. */
    public int keyGroups() {
        return keyGroups;
    }

    /** The gateway's id. */
    public String gateway() {
        return gateway;
    }

    /** The durable end of a key group. */
    public Tail tail(int keyGroup) {
        return chunks.tail(keyGroup);
    }

    /** The offset of the oldest retained event; the end when there is none. */
    public long oldest(int keyGroup) {
        return chunks.oldest(keyGroup);
    }

    /** The greatest time of receipt in the key group when the store was opened, in ms; 0: it was empty. */
    public long receivedAtOpen(int keyGroup) {
        return chunks.receivedAtOpen(keyGroup);
    }

    /** The greatest time of receipt in the whole log when the store was opened, in ms; 0: it was empty. */
    public long receivedAtOpen() {
        return IntStream.range(0, keyGroups)
                .mapToLong(this::receivedAtOpen)
                .max()
                .orElse(0);
    }

    /** What came and what is there, at one moment between two commits. */
    public synchronized LogLedger ledger() {
        long logged = sum(keyGroup -> tail(keyGroup).next());
        long trimmed = sum(this::oldest);
        return new LogLedger(new TreeMap<>(tallies), logged, trimmed, logged - trimmed);
    }

    private long sum(IntToLongFunction ofKeyGroup) {
        return IntStream.range(0, keyGroups).mapToLong(ofKeyGroup).sum();
    }

    /** The size of the retained events, encoded, before compression. */
    public long bytes() {
        return chunks.bytes();
    }

    /**
     * The chunks that hold {@code from} to {@code until} (exclusive), as many as fit.
     *
     * @param maxBytes stop before the chunk that would exceed it; the first one comes in any case
     */
    public ReadResult read(int keyGroup, long from, long until, long maxBytes) {
        return chunks.read(keyGroup, from, until, maxBytes);
    }

    /**
     * Every retained chunk of a key group, in order.
     *
     * @throws LogFailure when one is missing or damaged
     */
    public void scan(int keyGroup, Consumer<Chunk> reader) {
        chunks.scan(keyGroup, reader);
    }

    /** The newest {@code limit} dead letters whose number is below {@code before}. */
    public DeadLetterPage deadLetters(long before, int limit) {
        return deadLetters.page(before, limit);
    }

    /** How many dead letters there were by reason, since the folder was begun. */
    public Map<String, Long> deadLetterCounts() {
        return deadLetters.counts();
    }

    /** The presence of every device that ever had one. */
    public List<Presence> presence() {
        return columns.iterate(columns.presence, devices -> {
            List<Presence> all = new ArrayList<>();
            for (devices.seekToFirst(); devices.isValid(); devices.next()) {
                all.add(Codec.presence(devices.key(), devices.value()));
            }
            return all;
        });
    }

    /** The cursors of all groups, by name. */
    public Map<String, GroupCursors> groups() {
        return new TreeMap<>(groups);
    }

    /** A new group, which begins at the oldest retained event; from now on nothing is trimmed before it has committed. */
    public GroupCursors registerGroup(String group) {
        synchronized (trimming) {
            List<Long> begin =
                    IntStream.range(0, keyGroups).mapToObj(this::oldest).toList();
            GroupCursors cursors = new GroupCursors(group, "", 0, begin, begin);
            saveGroup(cursors, true);
            return cursors;
        }
    }

    /**
     * Keeps a group's cursors.
     *
     * @param sync wait for the disk; without it they survive a crash of the process at once, one of the machine after the
     *     next commit
     */
    public void saveGroup(GroupCursors group, boolean sync) {
        columns.write(batch -> batch.put(columns.cursors, Codec.text(group.group()), Codec.cursors(group)), sync);
        groups.put(group.group(), group);
    }

    /** Forgets a group, and counts it. */
    public void dropGroup(String group) {
        columns.write(
                batch -> {
                    batch.delete(columns.cursors, Codec.text(group));
                    batch.put(columns.meta, DROPPED, Codec.longs(droppedGroups() + 1));
                },
                true);
        groups.remove(group);
    }

    /** How many groups were dropped because nobody came for them. */
    public long droppedGroups() {
        return Codec.longAt(columns.get(columns.meta, DROPPED, () -> Codec.longs(0)), 0);
    }

    /** Why nothing more may be appended for now; empty: there is room. */
    public Optional<String> full() {
        if (bytes() >= settings.maxBytes()) {
            return Optional.of("the log holds " + bytes() + " bytes (log.max-bytes: " + settings.maxBytes()
                    + "), held by the slowest consumer group or min-retention");
        }
        try {
            long free = disk.getUsableSpace();
            return free >= settings.minFreeBytes()
                    ? Optional.empty()
                    : Optional.of("the disk has " + free + " bytes left (log.min-free-bytes: " + settings.minFreeBytes()
                            + ")");
        } catch (IOException e) {
            throw new LogFailure(e);
        }
    }

    /** Makes a group commit durable: all or nothing, on disk when it returns. */
    void append(List<EventLog.Append> commit) {
        List<PendingChunk> pending =
                commit.stream().flatMap(append -> append.chunk().stream()).toList();
        List<DeadLetter> letters =
                commit.stream().flatMap(append -> append.deadLetters().stream()).toList();
        Map<String, Tally> totals = totals(commit);
        columns.write(
                batch -> {
                    chunks.put(pending, batch);
                    deadLetters.put(letters, batch);
                    for (EventLog.Append append : commit) {
                        for (Presence presence : append.presence()) {
                            batch.put(columns.presence, Codec.text(presence.device()), Codec.presence(presence));
                        }
                    }
                    for (Map.Entry<String, Tally> total : totals.entrySet()) {
                        batch.put(columns.meta, Codec.text(TALLY + total.getKey()), Codec.tally(total.getValue()));
                    }
                },
                true);
        synchronized (this) {
            deadLetters.written(letters);
            tallies.putAll(totals);
            chunks.written(pending);
        }
    }

    private Map<String, Tally> totals(List<EventLog.Append> commit) {
        Map<String, Tally> totals = new HashMap<>();
        for (EventLog.Append append : commit) {
            if (!append.tally().equals(Tally.ZERO)) {
                Tally before = tallies.getOrDefault(append.source(), Tally.ZERO);
                totals.merge(append.source(), before.plus(append.tally()), (sum, ignored) -> sum.plus(append.tally()));
            }
        }
        return totals;
    }

    /** Trims behind the slowest group and the minimum time, and lets old dead letters expire. */
    void expire(long nowMs) {
        long receivedBefore = nowMs - settings.minRetention().toMillis();
        synchronized (trimming) {
            for (int keyGroup = 0; keyGroup < keyGroups; keyGroup++) {
                chunks.trim(keyGroup, slowest(keyGroup), receivedBefore);
            }
        }
        deadLetters.expire(
                settings.maxDeadLetters(),
                nowMs - settings.deadLetterRetention().toMillis());
    }

    private long slowest(int keyGroup) {
        return groups.values().stream()
                .mapToLong(group -> group.committed().get(keyGroup))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Closes the database; a later call of anything is an exception. Idempotent. */
    @Override
    public void close() {
        columns.close();
    }
}
