package io.tidegate.gateway.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * How many commits are known to be on disk, beside the database: a database whose end was cut off or damaged can't hide
 * that from somebody who remembers where the end was. Not thread-safe.
 *
 * <pre> slot 0: commits u64 | crc u32 | padding to 512        slot 1: the same; odd commits go here </pre>
 *
 * <p>Law: the mark is at most the number of commits that were synced. It is written behind the fsync of its commit and
 * before anybody is told, without an fsync of its own: after kill -9 it is exact, after a loss of power it may be as old
 * as the last {@link #force}, never ahead.
 */
final class SyncedCommits implements AutoCloseable {

    static final String FILE = "DURABLE";

    private static final int SLOT = 512;
    private static final int USED = Long.BYTES + Integer.BYTES;

    private final FileChannel file;
    private long commits;
    private long forced;

    private SyncedCommits(FileChannel file, long commits) {
        this.file = file;
        this.commits = commits;
        this.forced = commits;
    }

    /**
     * The mark of a folder; a new one stands at 0.
     *
     * @throws LogRefused when the file is there and can't be read
     */
    static SyncedCommits open(Path folder) throws IOException, LogRefused {
        Path path = folder.resolve(FILE);
        if (Files.notExists(path)) {
            begin(folder, path);
        }
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        long commits = LongStream.of(read(file, 0), read(file, 1)).max().orElse(-1);
        if (commits < 0) {
            file.close();
            throw new LogRefused(
                    LogRefused.Reason.DAMAGED,
                    folder,
                    FILE + " is damaged, so nobody knows where the log's end was "
                            + "(restore the folder; or remove that file, and what the log has counts as all)");
        }
        return new SyncedCommits(file, commits);
    }

    private static void begin(Path folder, Path path) throws IOException {
        Path fresh = folder.resolve(FILE + ".new");
        try (FileChannel file = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(file, 0, 0);
            write(file, 1, 0);
            file.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** The number of commits in a slot; -1: damaged. */
    private static long read(FileChannel file, int slot) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(USED);
        if (file.read(bytes, (long) slot * SLOT) < USED) {
            return -1;
        }
        bytes.flip();
        long commits = bytes.getLong();
        return bytes.getInt() == crc(commits) ? commits : -1;
    }

    private static void write(FileChannel file, long slot, long commits) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SLOT).putLong(commits).putInt(crc(commits));
        file.write(bytes.clear(), slot * SLOT);
    }

    private static int crc(long commits) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(commits).flip());
        return (int) crc.getValue();
    }

    /** So many commits were synced. */
    long commits() {
        return commits;
    }

    /** One more, or several, are synced. */
    void raise(long synced) throws IOException {
        write(file, synced & 1, synced);
        commits = synced;
    }

    /** Makes the mark itself survive a loss of power. */
    void force() throws IOException {
        if (forced != commits) {
            file.force(false);
            forced = commits;
        }
    }

    @Override
    public void close() throws IOException {
        try (file) {
            force();
        }
    }
}
