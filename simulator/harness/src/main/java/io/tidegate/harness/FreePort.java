package io.tidegate.harness;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports for programs that have to be told theirs and bind it later, or again after a restart. They lie below those from
 * which a system takes the local ports of outgoing connections, so that none of these can come in between; none is given
 * out twice in this JVM, nor to another JVM as long as this one lives.
 */
public final class FreePort {

    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;

    /** JVMs that start together have neighbouring ids: their ports begin far apart. */
    private static final int APART = 211;

    private static final Path LOCKS =
            Path.of(System.getProperty("java.io.tmpdir"), "tidegate-ports-" + System.getProperty("user.name"));

    private static final List<FileLock> HELD = new ArrayList<>();
    private static int tried;

    private FreePort() {}

    /** The next one. */
    public static synchronized int next() {
        int begin = (int) (ProcessHandle.current().pid() * APART % COUNT);
        Unchecked.get(() -> Files.createDirectories(LOCKS));
        while (tried < COUNT) {
            int port = FIRST + (begin + tried) % COUNT;
            tried++;
            if (Unchecked.get(() -> claim(port)) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port from " + FIRST + " on is left");
    }

    /** Locks it until the end of this JVM, unless another JVM has. */
    static boolean claim(int port) throws IOException {
        FileChannel file = FileChannel.open(
                LOCKS.resolve(String.valueOf(port)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException ours) {
            return false; // and the file stays open: closing it would give up the lock
        }
        if (lock == null) {
            file.close();
            return false;
        }
        HELD.add(lock);
        return true;
    }

    /** For TCP and UDP, at any address. */
    private static boolean isFree(int port) {
        try (ServerSocket tcp = new ServerSocket(port);
                DatagramSocket udp = new DatagramSocket(port)) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
