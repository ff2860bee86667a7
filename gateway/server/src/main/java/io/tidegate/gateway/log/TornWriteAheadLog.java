package io.tidegate.gateway.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells a write-ahead log whose un-synced end a loss of power has mangled from one that is damaged where it was synced.
 *
 * <p>Commits come one after the other: the bytes of one are written when the one before is synced. So what lies behind
 * the last intact commit is the remains of a single commit, which nobody was told about, exactly when there is no trace
 * of a second one behind it and the mark doesn't vouch for it.
 */
final class TornWriteAheadLog {

    private static final int PIECE = 1 << 20;
    private static final int TRACE = 2 * Long.BYTES;

    private TornWriteAheadLog() {}

    /** A commit's number as it is stored: with its complement, so that a mangled one is not taken for another. */
    static byte[] trace(long commit) {
        return Codec.longs(commit, ~commit);
    }

    /**
     * Whether nothing that was acknowledged is lost when the log ends behind commit {@code intact}.
     *
     * @param key what stands before each commit's number
     */
    static boolean isHarmless(Path folder, byte[] key, long intact, long mark) throws IOException {
        if (intact < mark) {
            return false;
        }
        for (Path log : writeAheadLogs(folder)) {
            if (greatest(log, key) > intact + 1) {
                return false;
            }
        }
        return true;
    }

    static List<Path> writeAheadLogs(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d+\\.log"))
                    .toList();
        }
    }

    /** The greatest commit number of which there is a trace, read in pieces that overlap by the length of a trace. */
    private static long greatest(Path log, byte[] key) throws IOException {
        int trace = key.length + 1 + TRACE;
        long greatest = -1;
        try (var file = Files.newByteChannel(log)) {
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            while (file.read(piece) >= 0) {
                greatest = Math.max(greatest, greatest(piece.array(), piece.position(), key));
                if (piece.position() == PIECE) {
                    piece.position(PIECE - trace + 1).compact();
                }
            }
        }
        return greatest;
    }

    private static long greatest(byte[] bytes, int length, byte[] key) {
        long greatest = -1;
        ByteBuffer numbers = ByteBuffer.wrap(bytes);
        for (int i = 0; i + key.length + 1 + TRACE <= length; i++) {
            if (isAt(bytes, i, key)) {
                long commit = numbers.getLong(i + key.length + 1);
                boolean whole = numbers.getLong(i + key.length + 1 + Long.BYTES) == ~commit;
                greatest = whole ? Math.max(greatest, commit) : greatest;
            }
        }
        return greatest;
    }

    private static boolean isAt(byte[] bytes, int at, byte[] key) {
        for (int i = 0; i < key.length; i++) {
            if (bytes[at + i] != key[i]) {
                return false;
            }
        }
        return bytes[at + key.length] == TRACE;
    }
}
