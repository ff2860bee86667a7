package io.tidegate.simulator.local;

import java.io.IOException;
import java.net.InetAddress;
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
 * The ports of a system on 127.0.0.1: the documented ones where they are free. The programs bind them seconds later; until this
 * process ends no other one that chooses the same way gets them, and outgoing connections have local ports above them.
 */
public record Ports(int mqtt, int pull, int gatewayHttp, int processorHttp, int flume) {
    private static final List<Integer> DOCUMENTED = List.of(1883, 9470, 8470, 8471, 4141);
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;

    /** Processes that start together have neighbouring ids: their ports begin far apart. */
    private static final int APART = 211;

    /** The harness of the tests claims its ports here too. */
    private static final Path CLAIMS =
            Path.of(System.getProperty("java.io.tmpdir"), "tidegate-ports-" + System.getProperty("user.name"));

    private static final List<FileLock> CLAIMED = new ArrayList<>();

    /** The documented ones, and others where these are taken. */
    public static synchronized Ports choose() throws IOException {
        Files.createDirectories(CLAIMS);
        List<Integer> ports = new ArrayList<>();
        for (int documented : DOCUMENTED) {
            ports.add(isClaimed(documented) ? documented : other());
        }
        return new Ports(ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4));
    }

    private static int other() throws IOException {
        long begin = ProcessHandle.current().pid() * APART;
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + (int) ((begin + i) % COUNT);
            if (isClaimed(port)) {
                return port;
            }
        }
        throw new IOException("no port from " + FIRST + " on is free");
    }

    /** Claims it, unless somebody has or listens there. */
    private static boolean isClaimed(int port) throws IOException {
        FileChannel file = FileChannel.open(
                CLAIMS.resolve(Integer.toString(port)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = file.tryLock();
            if (lock != null && isFree(port)) {
                CLAIMED.add(lock);
                return true;
            }
        } catch (OverlappingFileLockException ours) {
            return false; // and the file stays open: closing it would give up the lock
        }
        file.close();
        return false;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
