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
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** A {@link LogStore} in one RocksDB. */
public final class RocksLogStore implements LogStore {

    private static final String TALLY = "tally/";
    private static final String STATE = "mark/";
    // A full log that expires makes so much of the quota free, so that it need not do so for every commit.
    private static final int ROOM_SHARE = 16;
    // Dead letters have what events leave of the quota: a tenth of it at most, and a hundredth in any case.
    private static final int DEAD_LETTER_SHARE = 10;
    private static final int DEAD_LETTER_RESERVE = 100;

    private final LogSettings settings;
    private final int keyGroups;
    private final String gateway;
    private final RocksDatabase columns;
    private final FileStore disk;
    private final ChunkTable chunks;
    private final DeadLetterTable deadLetters;
    private final Object trimming = new Object();
    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    private final GroupTable groups;
    private long shrunkAt = -1;

    private RocksLogStore(LogSettings settings, int keyGroups, String gateway, RocksDatabase columns, FileStore disk) {
        this.disk = disk;
        this.settings = settings;
        this.keyGroups = keyGroups;
        this.gateway = gateway;
        this.columns = columns;
        this.chunks = new ChunkTable(columns, keyGroups);
        this.deadLetters = new DeadLetterTable(columns);
        this.groups = new GroupTable(columns, chunks);
        columns.startingWith(TALLY).forEach((source, tally) -> tallies.put(source, Codec.tally(tally)));
    }

    /**
     * Opens the folder, or begins a new one.
     *
     * @param keyGroups the number of key groups; frozen by the first start
     * @param gateway this gateway's id; frozen by the first start
     * @throws LogRefused when another process has it, it was begun with another {@code keyGroups} or {@code gateway}, a
     *     newer version wrote it, or it is damaged
     */
    public static RocksLogStore open(LogSettings settings, int keyGroups, String gateway) throws LogRefused {
        RocksDatabase columns = RocksDatabase.open(settings.folder(), settings.maxBytes());
        try {
            LogFormat.check(settings.folder(), columns, keyGroups, gateway);
            RocksLogStore store =
                    new RocksLogStore(settings, keyGroups, gateway, columns, Files.getFileStore(settings.folder()));
            LogFormat.raise(columns, store.chunks::putEnds);
            return store;
        } catch (IOException | LogFailure e) {
            columns.close();
            boolean damaged = e instanceof LogFailure;
            LogRefused.Reason reason = damaged ? LogRefused.Reason.DAMAGED : LogRefused.Reason.NO_FOLDER;
            throw new LogRefused(reason, settings.folder(), String.valueOf(e.getMessage()), e);
        } catch (LogRefused | RuntimeException e) {
            columns.close();
            throw e;
        }
    }

    @Override
    public LogSettings settings() {
        return settings;
    }

    @Override
    public int keyGroups() {
        return keyGroups;
    }

    @Override
    public String gateway() {
        return gateway;
    }

    @Override
    public LogEnd tail(int keyGroup) {
        return chunks.tail(keyGroup);
    }

    @Override
    public long oldest(int keyGroup) {
        return chunks.oldest(keyGroup);
    }

    @Override
    public long receivedFrom(int keyGroup, long timeMs) {
        return chunks.receivedFrom(keyGroup, timeMs);
    }

    @Override
    public long receivedAtOpen(int keyGroup) {
        return chunks.receivedAtOpen(keyGroup);
    }

    @Override
    public long receivedAtOpen() {
        return IntStream.range(0, keyGroups)
                .mapToLong(this::receivedAtOpen)
                .max()
                .orElse(0);
    }

    @Override
    public synchronized LogTotals ledger() {
        long logged = sum(keyGroup -> tail(keyGroup).next());
        long trimmed = sum(this::oldest);
        return new LogTotals(new TreeMap<>(tallies), logged, trimmed, logged - trimmed);
    }

    private long sum(IntToLongFunction ofKeyGroup) {
        return IntStream.range(0, keyGroups).mapToLong(ofKeyGroup).sum();
    }

    @Override
    public long bytes() {
        return chunks.bytes();
    }

    @Override
    public ReadResult read(int keyGroup, long from, long until, long maxBytes) {
        return chunks.read(keyGroup, from, until, maxBytes);
    }

    @Override
    public void scan(int keyGroup, long from, Consumer<Chunk> reader) {
        chunks.scan(keyGroup, from, reader);
    }

    @Override
    public long deadLetterBytes() {
        return deadLetters.bytes();
    }

    @Override
    public DeadLetterPage deadLetters(long before, int limit) {
        return deadLetters.page(before, limit);
    }

    @Override
    public Map<String, Long> deadLetterCounts() {
        return deadLetters.counts();
    }

    @Override
    public List<Presence> presence() {
        return columns.iterate(columns.presence, devices -> {
            List<Presence> all = new ArrayList<>();
            for (devices.seekToFirst(); devices.isValid(); devices.next()) {
                all.add(Codec.presence(devices.key(), devices.value()));
            }
            return all;
        });
    }

    @Override
    public Map<String, byte[]> state(String prefix) {
        return columns.startingWith(STATE + prefix);
    }

    @Override
    public Map<String, GroupCursors> groups() {
        return groups.all();
    }

    @Override
    public GroupCursors registerGroup(String group) {
        synchronized (trimming) {
            List<Long> begin =
                    IntStream.range(0, keyGroups).mapToObj(this::oldest).toList();
            GroupCursors cursors = new GroupCursors(group, "", 0, begin, begin);
            groups.save(cursors, true);
            return cursors;
        }
    }

    @Override
    public void saveGroup(GroupCursors group, boolean sync) {
        groups.save(group, sync);
    }

    @Override
    public void dropGroup(String group) {
        groups.drop(group);
    }

    @Override
    public long droppedGroups() {
        return groups.dropped();
    }

    @Override
    public ExpiredEvents expired(String group) {
        return groups.expired(group);
    }

    @Override
    public Optional<String> full() {
        if (bytes() >= settings.maxBytes()) {
            return Optional.of("the log holds " + bytes() + " bytes (log.max-bytes: " + settings.maxBytes()
                    + "), held by the slowest consumer group or min-retention");
        }
        long free = freeBytes();
        return free >= settings.minFreeBytes()
                ? Optional.empty()
                : Optional.of(
                        "the disk has " + free + " bytes left (log.min-free-bytes: " + settings.minFreeBytes() + ")");
    }

    private long deadLetterRoom() {
        long most = settings.maxBytes() / DEAD_LETTER_SHARE;
        return Math.max(settings.maxBytes() / DEAD_LETTER_RESERVE, Math.min(most, settings.maxBytes() - bytes()));
    }

    private long freeBytes() {
        try {
            return disk.getUsableSpace();
        } catch (IOException e) {
            throw new LogFailure(e);
        }
    }

    @Override
    public void append(List<LogWrite> commit) {
        List<PendingChunk> pending =
                commit.stream().flatMap(append -> append.chunk().stream()).toList();
        List<DeadLetter> letters =
                commit.stream().flatMap(append -> append.deadLetters().stream()).toList();
        Map<String, Tally> totals = totals(commit);
        columns.commit(batch -> {
            chunks.put(pending, batch);
            deadLetters.put(letters, deadLetterRoom(), batch);
            for (LogWrite append : commit) {
                putPresence(append.presence(), batch);
                putState(append.state(), batch);
            }
            for (Map.Entry<String, Tally> total : totals.entrySet()) {
                batch.put(columns.meta, Codec.text(TALLY + total.getKey()), Codec.tally(total.getValue()));
            }
        });
        synchronized (this) {
            deadLetters.written(letters);
            tallies.putAll(totals);
            chunks.written(pending);
        }
    }

    private void putPresence(List<Presence> changed, WriteBatch batch) throws RocksDBException {
        for (Presence presence : changed) {
            byte[] device = Codec.text(presence.device());
            if (presence.state() == PresenceState.FORGOTTEN) {
                batch.delete(columns.presence, device);
            } else {
                batch.put(columns.presence, device, Codec.presence(presence));
            }
        }
    }

    private void putState(List<StateUpdate> changed, WriteBatch batch) throws RocksDBException {
        for (StateUpdate update : changed) {
            byte[] key = Codec.text(STATE + update.key());
            byte[] value = update.value();
            if (value == null) {
                batch.delete(columns.meta, key);
            } else {
                batch.put(columns.meta, key, value);
            }
        }
    }

    private Map<String, Tally> totals(List<LogWrite> commit) {
        Map<String, Tally> totals = new HashMap<>();
        for (LogWrite append : commit) {
            if (!append.tally().equals(Tally.ZERO)) {
                Tally before = tallies.getOrDefault(append.source(), Tally.ZERO);
                totals.merge(append.source(), before.plus(append.tally()), (sum, ignored) -> sum.plus(append.tally()));
            }
        }
        return totals;
    }

    @Override
    public void expire(long nowMs) {
        long receivedBefore = nowMs - settings.minRetention().toMillis();
        synchronized (trimming) {
            trim(receivedBefore, true);
            if (full().isPresent()) {
                makeRoom(receivedBefore);
            }
        }
        deadLetters.expire(
                settings.maxDeadLetters(),
                nowMs - settings.deadLetterRetention().toMillis(),
                deadLetterRoom());
        columns.forceMark();
    }

    private void trim(long receivedBefore, boolean spareNewest) {
        for (int keyGroup = 0; keyGroup < keyGroups; keyGroup++) {
            chunks.trim(keyGroup, groups.slowest(keyGroup), receivedBefore, spareNewest);
        }
    }

    /** Trims what is otherwise spared, then lets what nobody may lose expire if that is the policy. */
    private void makeRoom(long receivedBefore) {
        trim(receivedBefore, false);
        if (freeBytes() < settings.minFreeBytes()) {
            // On a disk that is short, dead letters go before any event does.
            deadLetters.expire(settings.maxDeadLetters(), 0, settings.maxBytes() / DEAD_LETTER_RESERVE);
        }
        shrink();
        if (settings.whenFull() == LogSettings.WhenFull.EXPIRE_OLDEST && full().isPresent()) {
            groups.expire(chunks.first(missingBytes()));
            shrink();
        }
    }

    private long missingBytes() {
        long room = settings.maxBytes() / ROOM_SHARE;
        return Math.max(bytes() + room - settings.maxBytes(), settings.minFreeBytes() - freeBytes() + room);
    }

    /** What was trimmed is on the disk until files are written anew: done once for each state of a disk that is short. */
    private void shrink() {
        long state = sum(this::oldest) + sum(keyGroup -> tail(keyGroup).next()) + deadLetters.first();
        if (state != shrunkAt && freeBytes() < settings.minFreeBytes()) {
            columns.shrink(columns.chunks);
            columns.shrink(columns.deadLetters);
            shrunkAt = state;
        }
    }

    /** Closes the database; a later call of anything is an exception. Idempotent. */
    @Override
    public void close() {
        columns.close();
    }
}
