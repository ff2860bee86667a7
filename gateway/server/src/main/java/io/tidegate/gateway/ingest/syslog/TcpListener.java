package io.tidegate.gateway.ingest.syslog;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections, up to a limit; further ones are closed at once. */
final class TcpListener {

    private static final Logger log = LoggerFactory.getLogger(TcpListener.class);
    private static final int BACKLOG = 128;

    /** It looks so often whether it is time to stop. */
    private static final int LOOK_MS = 200;

    private final ServerSocket listening;
    private final SyslogSettings.Rules rules;
    private final Semaphore room;
    private final DrainDeadline stopping = new DrainDeadline();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads;

    TcpListener(InetSocketAddress address, SyslogSettings.Rules rules, String source) throws IOException {
        this.listening = new ServerSocket(address.getPort(), BACKLOG, address.getAddress());
        listening.setSoTimeout(LOOK_MS);
        this.rules = rules;
        this.room = new Semaphore(rules.maxInFlight());
        this.threads = Executors.newCachedThreadPool(new DefaultThreadFactory("syslog-tcp-" + source, true));
    }

    void start(FrameHandler frames) {
        threads.execute(() -> accept(frames));
    }

    int port() {
        return listening.getLocalPort();
    }

    int connections() {
        return open.size();
    }

    /** Ends when it is time to stop and nobody waits to be accepted. */
    private void accept(FrameHandler frames) {
        boolean more = true;
        while (more) {
            try {
                accepted(listening.accept(), frames);
            } catch (SocketTimeoutException nobody) {
                more = !stopping.hasBegun();
            } catch (IOException e) {
                more = !listening.isClosed();
                log.debug("accepting a syslog connection: {}", e.toString());
            }
        }
        closeQuietly(listening);
        threads.shutdown();
    }

    private void accepted(Socket socket, FrameHandler frames) throws IOException {
        if (open.size() >= rules.maxConnections()) {
            log.warn(
                    "a sender of syslog at {} is hung up on: {} are connected (max-connections)",
                    socket.getRemoteSocketAddress(),
                    rules.maxConnections());
            socket.close();
            return;
        }
        open.add(socket);
        try {
            threads.execute(() -> {
                try {
                    new TcpConnection(socket, rules, room, frames, stopping).run();
                } finally {
                    open.remove(socket);
                }
            });
        } catch (RejectedExecutionException closed) {
            closeQuietly(socket);
        }
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("closing: {}", e.toString());
        }
    }

    /** Soon takes no more connections; those that are there read what they have. */
    void stop() {
        stopping.begin();
    }

    /** Waits for them. */
    void await(long ms) throws InterruptedException {
        boolean unused = threads.awaitTermination(ms, TimeUnit.MILLISECONDS);
    }

    /** What is not read or not on disk yet is lost. */
    void close() {
        stop();
        closeQuietly(listening);
        threads.shutdownNow();
        open.forEach(TcpListener::closeQuietly);
    }
}
