package io.tidegate.gateway.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;

/** The native handles of an open database, which are closed together. */
record RocksHandles(DBOptions options, ColumnFamilyOptions columnOptions, RocksDB db, List<ColumnFamilyHandle> handles)
        implements AutoCloseable {

    private static final List<String> NAMES = List.of("default", "chunks", "deadletters", "cursors", "presence");
    private static final long MOST_WAL = 256L << 20;
    private static final long LEAST_WAL = 1L << 20;
    private static final long MANIFEST_PREALLOCATION = 64L << 10;
    private static final long MOST_WRITE_BUFFER = 32L << 20;
    private static final long LEAST_WRITE_BUFFER = 64L << 10;

    /**
     * To read and to write.
     *
     * @param maxBytes the quota, beside which write-ahead log and buffers stay small
     */
    static RocksHandles open(Path folder, long maxBytes, WALRecoveryMode mode) throws RocksDBException {
        boolean mayBegin = Files.notExists(folder.resolve(SyncedCommits.FILE));
        return with(
                options(mode, maxBytes, mayBegin),
                columns(maxBytes),
                (options, columns, handles) -> RocksDB.open(options, folder.toString(), columns, handles));
    }

    /** To look at it without changing anything: up to the first damage of the write-ahead log. */
    static RocksHandles look(Path folder, long maxBytes) throws RocksDBException {
        return with(
                options(WALRecoveryMode.PointInTimeRecovery, maxBytes, false),
                columns(maxBytes),
                (options, columns, handles) -> RocksDB.openReadOnly(options, folder.toString(), columns, handles));
    }

    /** A folder that has a mark has had a database: none is begun in its place. */
    private static DBOptions options(WALRecoveryMode mode, long maxBytes, boolean mayBegin) {
        return new DBOptions()
                .setCreateIfMissing(mayBegin)
                .setCreateMissingColumnFamilies(mayBegin)
                .setWalRecoveryMode(mode)
                .setParanoidChecks(true)
                .setMaxTotalWalSize(Math.min(MOST_WAL, Math.max(LEAST_WAL, maxBytes / 4)))
                .setManifestPreallocationSize(MANIFEST_PREALLOCATION)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2);
    }

    private static ColumnFamilyOptions columns(long maxBytes) {
        return new ColumnFamilyOptions()
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setWriteBufferSize(Math.min(MOST_WRITE_BUFFER, Math.max(LEAST_WRITE_BUFFER, maxBytes / 16)));
    }

    private static RocksHandles with(DBOptions options, ColumnFamilyOptions columnOptions, Opening opening)
            throws RocksDBException {
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        List<ColumnFamilyDescriptor> columns = NAMES.stream()
                .map(name -> new ColumnFamilyDescriptor(name.getBytes(UTF_8), columnOptions))
                .toList();
        try {
            return new RocksHandles(options, columnOptions, opening.open(options, columns, handles), handles);
        } catch (RocksDBException e) {
            columnOptions.close();
            options.close();
            throw e;
        }
    }

    @Override
    public void close() {
        handles.forEach(ColumnFamilyHandle::close);
        db.close();
        columnOptions.close();
        options.close();
    }

    private interface Opening {
        RocksDB open(DBOptions options, List<ColumnFamilyDescriptor> columns, List<ColumnFamilyHandle> handles)
                throws RocksDBException;
    }
}
