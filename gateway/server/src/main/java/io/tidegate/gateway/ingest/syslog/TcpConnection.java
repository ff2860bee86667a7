package io.tidegate.gateway.ingest.syslog;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a connection on a thread of its own: a block, then nothing until what it held is on disk. What comes meanwhile waits in
 * the kernel, then in the sender's.
 */
final class TcpConnection {

    private static final Logger log = LoggerFactory.getLogger(TcpConnection.class);
    private static final int BLOCK = 64 << 10;

    /** What a message takes beside its bytes, roughly. */
    private static final long FRAME_BYTES = 128;

    /** A silent connection looks so often whether it is time to stop, in ms. */
    private static final int LOOK_MS = 200;

    private final Socket socket;
    private final String origin;
    private final FrameReader reader;
    private final FrameHandler frames;
    private final DrainDeadline stopping;
    private final SyslogSettings.Rules rules;
    private final Semaphore room;

    /** @param room the bytes that connections may still bring under way to the log */
    TcpConnection(
            Socket socket, SyslogSettings.Rules rules, Semaphore room, FrameHandler frames, DrainDeadline stopping) {
        this.socket = socket;
        this.origin = "tcp " + socket.getInetAddress().getHostAddress();
        this.rules = rules;
        this.room = room;
        this.reader = new FrameReader(rules.maxMessage());
        this.frames = frames;
        this.stopping = stopping;
    }

    /** Reads it to its end, or until it is time to stop, and closes it. */
    void run() {
        try (socket) {
            try {
                read();
            } catch (IOException e) {
                log.info("{}: {}", origin, e.toString());
            }
            reader.end();
            deliver();
        } catch (ExecutionException | IOException e) {
            log.warn("{}: what it sent last is lost: {}", origin, e.toString());
        } catch (InterruptedException e) {
            log.warn("{}: what it sent last is lost: the log did not take it before the end", origin);
            Thread.currentThread().interrupt();
        }
    }

    private void read() throws IOException, ExecutionException, InterruptedException {
        socket.setKeepAlive(true);
        socket.setSoTimeout(LOOK_MS);
        InputStream in = socket.getInputStream();
        byte[] block = new byte[BLOCK];
        long heardNanos = System.nanoTime();
        while (!reader.isLost() && stopping.mayRead(in.available() > 0)) {
            int length = readSome(in, block);
            if (length < 0) {
                return;
            }
            if (length > 0) {
                heardNanos = System.nanoTime();
            } else if (System.nanoTime() - heardNanos > rules.idleTimeout().toNanos()) {
                log.info("{}: it was silent for {} (idle-timeout)", origin, rules.idleTimeout());
                return;
            }
            reader.feed(block, 0, length);
            if (length == 0) {
                reader.silence();
            }
            deliver();
        }
    }

    /** @return 0 when nothing came for a while; -1 at the end */
    private static int readSome(InputStream in, byte[] block) throws IOException {
        try {
            return in.read(block);
        } catch (SocketTimeoutException silence) {
            return 0;
        }
    }

    private void deliver() throws ExecutionException, InterruptedException {
        List<SyslogFrame> piece = reader.take();
        if (piece.isEmpty()) {
            return;
        }
        int cost = (int) Math.min(rules.maxInFlight(), BLOCK + rules.maxMessage() + FRAME_BYTES * piece.size());
        room.acquire(cost);
        try {
            frames.take(origin, piece).get();
        } finally {
            room.release(cost);
        }
    }
}
