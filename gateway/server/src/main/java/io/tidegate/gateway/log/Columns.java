package io.tidegate.gateway.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
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
final class Columns implements AutoCloseable {

    private static final long WAL_LIMIT = 256L << 20;
    private static final long WRITE_BUFFER = 32L << 20;

    private final ReadWriteLock life = new ReentrantReadWriteLock();
    private final DBOptions options;
    private final ColumnFamilyOptions columnOptions;
    private final RocksDB db;
    private boolean open = true;

    final ColumnFamilyHandle meta;
    final ColumnFamilyHandle chunks;
    final ColumnFamilyHandle deadLetters;
    final ColumnFamilyHandle cursors;
    final ColumnFamilyHandle presence;

    private Columns(DBOptions options, ColumnFamilyOptions columnOptions, RocksDB db, List<ColumnFamilyHandle> cf) {
        this.options = options;
        this.columnOptions = columnOptions;
        this.db = db;
        this.meta = cf.get(0);
        this.chunks = cf.get(1);
        this.deadLetters = cf.get(2);
        this.cursors = cf.get(3);
        this.presence = cf.get(4);
    }

    static Columns open(Path folder) throws LogRefused {
        RocksDB.loadLibrary();
        DBOptions options = options();
        ColumnFamilyOptions columnOptions = new ColumnFamilyOptions()
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setWriteBufferSize(WRITE_BUFFER);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            Files.createDirectories(folder);
            RocksDB db = RocksDB.open(
                    options,
                    folder.toString(),
                    Stream.of("default", "chunks", "deadletters", "cursors", "presence")
                            .map(name -> new ColumnFamilyDescriptor(name.getBytes(UTF_8), columnOptions))
                            .toList(),
                    handles);
            return new Columns(options, columnOptions, db, handles);
        } catch (RocksDBException e) {
            options.close();
            columnOptions.close();
            throw refused(folder, e);
        } catch (IOException e) {
            options.close();
            columnOptions.close();
            throw new LogRefused(
                    LogRefused.Reason.NO_FOLDER, "log folder " + folder + ": can't be made: " + e.getMessage(), e);
        }
    }

    /**
     * Only the torn end that a crash leaves is tolerated: the default recovery mode would silently drop everything behind
     * a damaged record in the middle, acknowledged events among it.
     */
    private static DBOptions options() {
        return new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setParanoidChecks(true)
                .setMaxTotalWalSize(WAL_LIMIT)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2);
    }

    private static LogRefused refused(Path folder, RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        Status status = e.getStatus();
        boolean io = status != null && status.getCode() == Status.Code.IOError;
        if (io && message.toLowerCase(Locale.ROOT).contains("lock")) {
            return new LogRefused(
                    LogRefused.Reason.LOCKED,
                    "log folder " + folder + ": in use by another gateway (expected: a folder of its own): " + message,
                    e);
        }
        return new LogRefused(
                LogRefused.Reason.DAMAGED,
                "log folder " + folder + ": can't be opened without losing events: " + message
                        + " (restore the folder, or move it away to start empty)",
                e);
    }

    byte[] get(ColumnFamilyHandle column, byte[] key, Supplier<byte[]> absent) {
        return use(db -> {
            byte[] value = db.get(column, key);
            return value == null ? absent.get() : value;
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

    /** Fills a batch, which uses the native handles too, and writes it. */
    void write(Fill fill, boolean sync) {
        use(db -> {
            try (WriteBatch batch = new WriteBatch()) {
                fill.into(batch);
                write(batch, sync);
                return "";
            }
        });
    }

    void write(WriteBatch batch, boolean sync) {
        use(db -> {
            try (WriteOptions options = new WriteOptions().setSync(sync)) {
                db.write(options, batch);
                return "";
            }
        });
    }

    /** Gives whole files of a deleted range back to the file system at once; the rest follows by compaction. */
    void freeFiles(ColumnFamilyHandle column, byte[] from, byte[] until) {
        use(db -> {
            db.deleteFilesInRanges(column, List.of(from, until), false);
            return "";
        });
    }

    private <T> T use(Use<T> use) {
        life.readLock().lock();
        try {
            if (!open) {
                throw new IllegalStateException("the event log is closed");
            }
            return use.with(db);
        } catch (RocksDBException e) {
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
                Stream.of(meta, chunks, deadLetters, cursors, presence).forEach(ColumnFamilyHandle::close);
                db.close();
                columnOptions.close();
                options.close();
            }
        } finally {
            life.writeLock().unlock();
        }
    }

    /** Puts what belongs together into a batch. */
    @FunctionalInterface
    interface Fill {
        void into(WriteBatch batch) throws RocksDBException;
    }

    private interface Use<T> {
        T with(RocksDB db) throws RocksDBException;
    }
}
