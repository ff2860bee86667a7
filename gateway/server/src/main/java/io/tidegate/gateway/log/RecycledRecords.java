package io.tidegate.gateway.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes out of a write-ahead log the one damage that the database never comes back from. A record of a recycled log
 * carries the log's number, and RocksDB from 9.3 on reads one with another number again and again, for ever, in every
 * recovery mode (its issue 13333). This log recycles nothing, so where such a record seems to stand, a loss of power left
 * garbage: it is given a kind that is judged by its checksum, and is found damaged like any other garbage.
 *
 * @see <a href="https://github.com/facebook/rocksdb/wiki/Write-Ahead-Log-File-Format">the format</a>
 */
final class RecycledRecords {

    private static final Logger log = LoggerFactory.getLogger(RecycledRecords.class);

    private static final int BLOCK = 32 << 10;
    /** What RocksDB locks while a folder is open, in the same way. */
    private static final String DATABASE_LOCK = "LOCK";

    // checksum u32 | length u16 | kind u8, little-endian
    private static final int HEADER = 7;
    private static final int KIND = 6;
    private static final byte LAST = 4;

    private RecycledRecords() {}

    /**
     * Makes the write-ahead logs of a folder safe to open; those that are sound aren't touched, nor is a folder that
     * another process has open, which the database refuses next.
     */
    static void disarm(Path folder) throws IOException {
        List<Path> logs = TornWriteAheadLog.writeAheadLogs(folder);
        if (logs.isEmpty()) {
            return;
        }
        try (FileChannel file = FileChannel.open(
                        folder.resolve(DATABASE_LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock != null) {
                disarm(logs);
            }
        }
    }

    private static void disarm(List<Path> logs) throws IOException {
        for (Path path : logs) {
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
                for (long from = 0; read(file, block.clear(), from); from += BLOCK) {
                    int at = recycled(block.flip());
                    if (at >= 0) {
                        log.warn("{} is damaged at byte {}", path, from + at);
                        file.write(ByteBuffer.wrap(new byte[] {LAST}), from + at + KIND);
                    }
                }
            }
        }
    }

    private static boolean read(FileChannel file, ByteBuffer block, long from) throws IOException {
        while (block.hasRemaining() && file.read(block, from + block.position()) > 0) {
            // Until the block is full or the file ends.
        }
        return block.position() > 0;
    }

    /** Where the first record of a recycled log seems to stand; -1 when the block is sound or damaged otherwise. */
    private static int recycled(ByteBuffer block) {
        int at = 0;
        while (at + HEADER <= block.limit()) {
            if (isRecycled(block.get(at + KIND))) {
                return at;
            }
            int length = Short.toUnsignedInt(block.getShort(at + Integer.BYTES));
            int next = at + HEADER + length;
            if (next > block.limit() || block.getInt(at) != checksum(block, at + KIND, 1 + length)) {
                // The database finds this itself, and passes over the rest of the block.
                return -1;
            }
            at = next;
        }
        return -1;
    }

    /** FULL, FIRST, MIDDLE and LAST of a recycled log, and its note on timestamps. */
    private static boolean isRecycled(byte kind) {
        return (kind >= 5 && kind <= 8) || kind == 11;
    }

    private static int checksum(ByteBuffer block, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(block.slice(from, length));
        int value = (int) crc.getValue();
        // Stored masked, so that a checksum over checksums stays one.
        return Integer.rotateRight(value, 15) + 0xa282ead8;
    }
}
