package io.tidegate.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy on loopback that does harm on cue: delays, throttles, swallows, cuts, flips. What is set counts for open
 * and for coming connections until {@link #heal}. Thread-safe; all threads are daemons and end with {@link #close}.
 */
public final class FaultProxy implements AutoCloseable {

    /** Which way bytes go. */
    public enum Direction {
        /** From the client to the target. */
        TO_TARGET,
        /** From the target to the client. */
        TO_CLIENT
    }

    private static final int BUFFER = 16 << 10;
    // Under way in a direction at most: with a full buffer each, 4 MiB.
    private static final int PIECES = 256;
    private static final long NEVER = Long.MAX_VALUE;

    private final ServerSocket server;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final Way toTarget = new Way();
    private final Way toClient = new Way();
    private volatile int target;
    private volatile boolean refusing;
    private volatile int accepted;

    /** What is done to the bytes of a direction. */
    private static final class Way {
        private volatile long delayMs;
        private volatile long bytesPerSecond = NEVER;
        private volatile boolean stalled;
        private volatile boolean swallowed;
        private final AtomicLong swallowedBytes = new AtomicLong();
        private volatile long cutAfter = NEVER;
        private volatile long flipAt = NEVER;

        private void heal() {
            delayMs = 0;
            bytesPerSecond = NEVER;
            stalled = false;
            swallowed = false;
            cutAfter = NEVER;
            flipAt = NEVER;
        }
    }

    private FaultProxy(int target) {
        this.target = target;
        server = Unchecked.get(() -> new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Background.start("fault-proxy-" + server.getLocalPort(), this::accept);
    }

    /** A proxy on a free port, to a port of this machine. */
    public static FaultProxy to(int target) {
        return new FaultProxy(target);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Where connections go from now on. */
    public void retarget(int port) {
        target = port;
    }

    /** Lets every byte arrive so much later, both ways; many can be under way, so the rate stays what it was. */
    public void delay(Duration delay) {
        toTarget.delayMs = delay.toMillis();
        toClient.delayMs = delay.toMillis();
    }

    /** Lets so many bytes per second through, each way. */
    public void throttle(long bytesPerSecond) {
        toTarget.bytesPerSecond = bytesPerSecond;
        toClient.bytesPerSecond = bytesPerSecond;
    }

    /** Reads nothing more of a direction, so that the sender's buffers fill up; {@link #heal} lets it flow again. */
    public void stall(Direction direction) {
        way(direction).stalled = true;
    }

    /** Reads and throws away, both ways: the connections look open and nothing arrives. */
    public void halfOpen() {
        toTarget.swallowed = true;
        toClient.swallowed = true;
    }

    /** Ends all connections. */
    public void cut() {
        links.forEach(Link::close);
    }

    /** Ends all connections with an RST. */
    public void reset() {
        links.forEach(Link::reset);
    }

    /** Ends each connection, open or coming, as soon as so many bytes of it went that way. */
    public void cutAfter(Direction direction, long bytes) {
        way(direction).cutAfter = bytes;
    }

    /** Flips a bit of the byte at this place, from 0, of each connection that has not come so far. */
    public void flip(Direction direction, long place) {
        way(direction).flipAt = place;
    }

    /** Accepts connections and ends them at once. */
    public void refuse() {
        refusing = true;
        cut();
    }

    /** Does no more harm. Bytes that were swallowed stay lost. */
    public void heal() {
        refusing = false;
        toTarget.heal();
        toClient.heal();
    }

    /** How many bytes were thrown away while the proxy was half open. */
    public long swallowed() {
        return toTarget.swallowedBytes.get() + toClient.swallowedBytes.get();
    }

    /** How many connections were ever accepted. */
    public int accepted() {
        return accepted;
    }

    /** How many are open. */
    public long open() {
        return links.stream().filter(link -> !link.client.isClosed()).count();
    }

    @Override
    public void close() {
        Unchecked.run(server::close);
        cut();
    }

    private Way way(Direction direction) {
        return direction == Direction.TO_TARGET ? toTarget : toClient;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread accepts
    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                accepted++;
                if (refusing) {
                    client.close();
                } else {
                    open(client);
                }
            } catch (IOException e) {
                // Closed, or the target does not listen: the next may be luckier.
            }
        }
    }

    private void open(Socket client) throws IOException {
        Socket upstream = new Socket();
        try {
            upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 2_000);
        } catch (IOException e) {
            client.close();
            throw e;
        }
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        Link link = new Link(client, upstream, new AtomicInteger());
        links.removeIf(old -> old.client.isClosed());
        links.add(link);
        if (refusing) {
            // Refused between accept and here.
            link.close();
        }
        link.pump(client, upstream, toTarget, "fault-proxy-to-target");
        link.pump(upstream, client, toClient, "fault-proxy-to-client");
    }

    /** Bytes under way; none: the end of the stream. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares pieces
    private record Piece(byte[] bytes, long dueNanos) {}

    private record Link(Socket client, Socket upstream, AtomicInteger directionsOver) {

        private void pump(Socket from, Socket to, Way way, String name) {
            BlockingQueue<Piece> underWay = new ArrayBlockingQueue<>(PIECES);
            Background.start(name + "-in", () -> read(from, way, underWay));
            Background.start(name + "-out", () -> write(from, to, way, underWay));
        }

        /** Takes what the sender has, as far as there is room under way; the end of its stream travels like bytes. */
        private void read(Socket from, Way way, BlockingQueue<Piece> underWay) {
            byte[] buffer = new byte[BUFFER];
            try {
                InputStream in = from.getInputStream();
                int count = 0;
                while (count >= 0) {
                    awaitFlow(way, from);
                    count = in.read(buffer, 0, (int) Math.min(BUFFER, Math.max(1, way.bytesPerSecond / 20)));
                    awaitFlow(way, from);
                    byte[] bytes = Arrays.copyOf(buffer, Math.max(0, count));
                    underWay.put(new Piece(bytes, System.nanoTime() + way.delayMs * 1_000_000));
                }
            } catch (IOException | InterruptedException e) {
                close(); // one side is gone, so the other goes
                underWay.offer(new Piece(new byte[0], 0));
            }
        }

        /** Lets out what is due. */
        private void write(Socket from, Socket to, Way way, BlockingQueue<Piece> underWay) {
            long passed = 0;
            try {
                OutputStream out = to.getOutputStream();
                while (true) {
                    Piece piece = underWay.take();
                    pauseUntil(piece.dueNanos);
                    awaitFlow(way, from);
                    if (piece.bytes.length == 0) {
                        ended(to);
                        return;
                    }
                    passed = pass(piece.bytes, passed, way, out);
                }
            } catch (IOException | InterruptedException e) {
                close();
                underWay.clear(); // a thread that waits for room finds the sockets closed
            }
        }

        /** A direction is over: the connection is when both are. */
        private void ended(Socket to) throws IOException {
            to.shutdownOutput();
            if (directionsOver.incrementAndGet() == 2) {
                close();
            }
        }

        /** A read may have begun before the stall, so this comes before and after it. */
        private static void awaitFlow(Way way, Socket from) {
            while (way.stalled && !from.isClosed()) {
                pause(5);
            }
        }

        private static long pass(byte[] bytes, long passed, Way way, OutputStream out) throws IOException {
            int count = bytes.length;
            if (way.bytesPerSecond != NEVER) {
                pause(count * 1_000L / way.bytesPerSecond);
            }
            if (way.flipAt >= passed && way.flipAt < passed + count) {
                bytes[(int) (way.flipAt - passed)] ^= 0x10;
            }
            int allowed = (int) Math.max(0, Math.min(count, way.cutAfter - passed));
            if (way.swallowed) {
                way.swallowedBytes.addAndGet(count);
            } else {
                out.write(bytes, 0, allowed);
            }
            if (allowed < count || passed + allowed == way.cutAfter) {
                throw new IOException("cut after " + way.cutAfter + " bytes");
            }
            return passed + count;
        }

        private static void pause(long ms) {
            pauseUntil(System.nanoTime() + ms * 1_000_000);
        }

        private static void pauseUntil(long nanos) {
            for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }

        private void close() {
            Unchecked.run(client::close);
            Unchecked.run(upstream::close);
        }

        private void reset() {
            try {
                client.setSoLinger(true, 0);
                upstream.setSoLinger(true, 0);
            } catch (SocketException e) {
                // Closed already.
            }
            close();
        }
    }
}
