package io.tidegate.gateway.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The open database. Every use of the native handles goes through here: after {@link #close} a use is an exception, never
 * a crash of the process. Thread-safe.
 */
final class RocksDatabase implements AutoCloseable {

    private static final byte[] COMMITS = Codec.text("commits");

    private final ReadWriteLock life = new ReentrantReadWriteLock();
    private final Object syncing = new Object();
    private final RocksHandles opened;
    private final SyncedCommits mark;
    private boolean open = true;
    // How many writes were synced since the folder was begun.
    private long commits;

    final ColumnFamilyHandle meta;
    final ColumnFamilyHandle chunks;
    final ColumnFamilyHandle deadLetters;
    final ColumnFamilyHandle cursors;
    final ColumnFamilyHandle presence;

    private RocksDatabase(RocksHandles opened, SyncedCommits mark) {
        this.opened = opened;
        this.mark = mark;
        this.meta = opened.handles().get(0);
        this.chunks = opened.handles().get(1);
        this.deadLetters = opened.handles().get(2);
        this.cursors = opened.handles().get(3);
        this.presence = opened.handles().get(4);
    }

    /**
     * Opens the database, and makes sure that it ends where it was known to end.
     *
     * @param maxBytes the quota; what is buffered on disk and in memory stays small beside it
     */
    static RocksDatabase open(Path folder, long maxBytes) throws LogRefused {
        RocksDB.loadLibrary();
        try {
            Files.createDirectories(folder);
            RecycledRecords.disarm(folder);
            RocksHandles opened = openEvenIfTorn(folder, maxBytes);
            try {
                RocksDatabase columns = new RocksDatabase(opened, SyncedCommits.open(folder));
                columns.checkEnd(folder);
                return columns;
            } catch (IOException | LogRefused | LogFailure e) {
                opened.close();
                throw e;
            }
        } catch (RocksDBException e) {
            throw refused(folder, e);
        } catch (LogFailure e) {
            throw new LogRefused(LogRefused.Reason.DAMAGED, folder, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new LogRefused(LogRefused.Reason.NO_FOLDER, folder, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Only the cut end that a crash leaves is tolerated at once: the default recovery mode would silently drop everything
     * behind a damaged record in the middle, acknowledged events among it. A loss of power may leave more than a cut, so
     * what is damaged is looked at, and opened up to the damage when it is sure that nobody was told of what is behind.
     */
    private static RocksHandles openEvenIfTorn(Path folder, long maxBytes)
            throws RocksDBException, IOException, LogRefused {
        try {
            return RocksHandles.open(folder, maxBytes, WALRecoveryMode.TolerateCorruptedTailRecords);
        } catch (RocksDBException e) {
            boolean corrupt = e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption;
            if (corrupt && Files.exists(folder.resolve(SyncedCommits.FILE)) && isTornEnd(folder, maxBytes)) {
                return RocksHandles.open(folder, maxBytes, WALRecoveryMode.PointInTimeRecovery);
            }
            throw e;
        }
    }

    private static boolean isTornEnd(Path folder, long maxBytes) throws IOException, LogRefused {
        try (SyncedCommits mark = SyncedCommits.open(folder);
                RocksHandles look = RocksHandles.look(folder, maxBytes)) {
            byte[] intact = look.db().get(look.handles().get(0), COMMITS);
            return intact != null
                    && TornWriteAheadLog.isHarmless(folder, COMMITS, Codec.longAt(intact, 0), mark.commits());
        } catch (RocksDBException e) {
            return false;
        }
    }

    private void checkEnd(Path folder) throws LogRefused, IOException {
        commits = number(COMMITS);
        if (commits < mark.commits()) {
            throw new LogRefused(
                    LogRefused.Reason.DAMAGED,
                    folder,
                    "the log ends behind commit " + commits + " (expected: " + mark.commits()
                            + ", which was acknowledged); its end is damaged or missing (restore the folder; or remove "
                            + SyncedCommits.FILE + " from it to go on without what is lost)");
        }
        mark.raise(commits);
    }

    private static LogRefused refused(Path folder, RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        Status status = e.getStatus();
        boolean io = status != null && status.getCode() == Status.Code.IOError;
        if (io && status.getSubCode() == Status.SubCode.NoSpace) {
            return new LogRefused(
                    LogRefused.Reason.NO_FOLDER,
                    folder,
                    "the disk is full (expected: room to open the log, 64 MiB at most): " + message,
                    e);
        }
        if (io && message.toLowerCase(Locale.ROOT).contains("lock")) {
            return new LogRefused(
                    LogRefused.Reason.LOCKED,
                    folder,
                    "in use by another gateway (expected: a folder of its own): " + message,
                    e);
        }
        return new LogRefused(
                LogRefused.Reason.DAMAGED,
                folder,
                "can't be opened without losing events: " + message
                        + " (restore the folder, or move it away to start empty)",
                e);
    }

    byte[] get(ColumnFamilyHandle column, byte[] key, Supplier<byte[]> absent) {
        return use(db -> {
            byte[] value = db.get(column, key);
            return value == null ? absent.get() : value;
        });
    }

    /** The number that stands under a key beside the events; 0: none does. */
    long number(byte[] key) {
        return Codec.longAt(get(meta, key, () -> Codec.longs(0)), 0);
    }

    /** What stands beside the events under keys that begin so, by the rest of the key, in the order of keys. */
    Map<String, byte[]> startingWith(String prefix) {
        return iterate(meta, entries -> {
            Map<String, byte[]> found = new TreeMap<>();
            for (entries.seek(Codec.text(prefix)); entries.isValid(); entries.next()) {
                String key = Codec.text(entries.key());
                if (!key.startsWith(prefix)) {
                    break;
                }
                found.put(key.substring(prefix.length()), entries.value());
            }
            return found;
        });
    }

    /** An iterator for the time of {@code read}; it sees the database as it is at the call. */
    <T> T iterate(ColumnFamilyHandle column, Function<RocksIterator, T> read) {
        return use(db -> {
            try (RocksIterator iterator = db.newIterator(column)) {
                T result = read.apply(iterator);
                iterator.status();
                return result;
            }
        });
    }

    /** Fills a batch, which uses the native handles too, and writes it: on disk when this returns. One at a time. */
    void commit(Fill fill) {
        synchronized (syncing) {
            run(db -> {
                Fill counted = batch -> {
                    batch.put(meta, COMMITS, TornWriteAheadLog.trace(commits + 1));
                    fill.into(batch);
                };
                write(db, counted, true);
                commits++;
                mark.raise(commits);
            });
        }
    }

    /** Fills a batch and writes it without waiting: on disk with the next commit, unless the machine fails before. */
    void writeBehind(Fill fill) {
        run(db -> write(db, fill, false));
    }

    private static void write(RocksDB db, Fill fill, boolean sync) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch();
                WriteOptions options = new WriteOptions().setSync(sync)) {
            fill.into(batch);
            db.write(options, batch);
        }
    }

    /** Makes the mark survive a loss of power. */
    void forceMark() {
        synchronized (syncing) {
            run(db -> mark.force());
        }
    }

    /** Writes out what is buffered, so that write-ahead logs go, and then what is left of deleted ranges. */
    void shrink(ColumnFamilyHandle column) {
        run(db -> {
            try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
                db.flush(wait, opened.handles());
            }
            db.compactRange(column);
        });
    }

    /** Gives whole files of a deleted range back to the file system at once; the rest follows by compaction. */
    void freeFiles(ColumnFamilyHandle column, byte[] from, byte[] until) {
        run(db -> db.deleteFilesInRanges(column, List.of(from, until), false));
    }

    private void run(Step step) {
        use(db -> {
            step.with(db);
            return "";
        });
    }

    private <T> T use(Use<T> use) {
        life.readLock().lock();
        try {
            if (!open) {
                throw new IllegalStateException("the event log is closed");
            }
            return use.with(opened.db());
        } catch (RocksDBException | IOException e) {
            throw new LogFailure(e);
        } finally {
            life.readLock().unlock();
        }
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (open) {
                open = false;
                opened.close();
                mark.close();
            }
        } catch (IOException e) {
            throw new LogFailure(e);
        } finally {
            life.writeLock().unlock();
        }
    }

    /** Puts what belongs together into a batch. */
    @FunctionalInterface
    interface Fill {
        void into(WriteBatch batch) throws RocksDBException;
    }

    private interface Step {
        void with(RocksDB db) throws RocksDBException, IOException;
    }

    private interface Use<T> {
        T with(RocksDB db) throws RocksDBException, IOException;
    }
}
