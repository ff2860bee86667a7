package io.tidegate.gateway.ingest.syslog;

import com.google.protobuf.ByteString;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads datagrams, each of which is a message, on a thread of its own. While {@link #PIECES} pieces are on their way to the log
 * it does not read: what comes meanwhile waits in the kernel's buffer, and when that is full the kernel drops it, and counts.
 */
final class UdpListener {

    /** So many pieces are on their way at most. */
    static final int PIECES = 8;

    private static final Logger log = LoggerFactory.getLogger(UdpListener.class);
    private static final int LARGEST_DATAGRAM = 65_535;
    private static final int PIECE_MESSAGES = 1000;
    private static final int PIECE_BYTES = 1 << 20;
    private static final int LOOK_MS = 200;

    private final DatagramChannel channel;
    private final Selector selector;
    private final int maxMessage;
    private final DrainDeadline stopping = new DrainDeadline();
    private final ExecutorService thread;

    // The thread's own.
    private final ByteBuffer buffer = ByteBuffer.allocate(LARGEST_DATAGRAM);
    private final Deque<CompletableFuture<?>> underWay = new ArrayDeque<>();

    UdpListener(InetSocketAddress address, SyslogSettings.Rules rules, String source) throws IOException {
        this.maxMessage = rules.maxMessage();
        this.thread = Executors.newSingleThreadExecutor(new DefaultThreadFactory("syslog-udp-" + source, true));
        this.channel = DatagramChannel.open(
                address.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, rules.receiveBuffer());
            int granted = channel.getOption(StandardSocketOptions.SO_RCVBUF);
            if (granted < rules.receiveBuffer()) {
                log.warn(
                        "source {}: the kernel holds {} bytes of datagrams, not {} (receive-buffer; see net.core.rmem_max)",
                        source,
                        granted,
                        rules.receiveBuffer());
            }
            channel.bind(address).configureBlocking(false);
            this.selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    void start(FrameHandler frames) {
        thread.execute(() -> run(frames));
    }

    int port() {
        return channel.socket().getLocalPort();
    }

    private void run(FrameHandler frames) {
        try (channel;
                selector) {
            boolean something = false;
            while (stopping.mayRead(something)) {
                if (!something) {
                    selector.select(key -> {}, LOOK_MS);
                }
                something = read(frames);
            }
            // What came while it looked whether it should stop.
            while (read(frames) && stopping.mayRead(true)) {
                something = true;
            }
            awaitUnderWay(0);
        } catch (ClosedSelectorException | ExecutionException | IOException e) {
            log.warn("syslog over UDP ends, what came last is lost: {}", e.toString());
        } catch (InterruptedException e) {
            log.warn("syslog over UDP ends, what came last is lost: the log did not take it before the end");
            Thread.currentThread().interrupt();
        }
    }

    /** Reads what is there. @return whether there was something */
    private boolean read(FrameHandler frames) throws IOException, ExecutionException, InterruptedException {
        List<SyslogFrame> piece = new ArrayList<>();
        String origin = "";
        int bytes = 0;
        boolean something = false;
        while (piece.size() < PIECE_MESSAGES && bytes < PIECE_BYTES) {
            InetSocketAddress peer = (InetSocketAddress) channel.receive(buffer.clear());
            if (peer == null) {
                break;
            }
            something = true;
            String from = "udp " + peer.getAddress().getHostAddress();
            if (!from.equals(origin)) {
                push(origin, piece, frames);
                piece = new ArrayList<>();
                origin = from;
            }
            bytes += buffer.flip().remaining();
            piece.add(frame());
        }
        push(origin, piece, frames);
        return something;
    }

    private SyslogFrame frame() {
        int length = buffer.remaining();
        ByteString bytes = ByteString.copyFrom(buffer, Math.min(length, maxMessage));
        return length > maxMessage
                ? new SyslogFrame.TooLong(bytes, length, maxMessage)
                : new SyslogFrame.Message(bytes);
    }

    private void push(String origin, List<SyslogFrame> piece, FrameHandler frames)
            throws ExecutionException, InterruptedException {
        if (!piece.isEmpty()) {
            awaitUnderWay(PIECES - 1);
            underWay.add(frames.take(origin, piece));
        }
    }

    /** The log confirms in its order. */
    private void awaitUnderWay(int most) throws ExecutionException, InterruptedException {
        while (underWay.size() > most) {
            underWay.remove().get();
        }
    }

    /** Tells it to read what is there, and no more. */
    void stop() {
        stopping.begin();
        thread.shutdown();
        selector.wakeup();
    }

    /** Waits for that. */
    void await(long ms) throws InterruptedException {
        boolean unused = thread.awaitTermination(ms, TimeUnit.MILLISECONDS);
    }

    /** What is not read or not on disk yet is lost. */
    void close() throws IOException {
        stop();
        thread.shutdownNow();
        channel.close();
        selector.close();
    }
}
