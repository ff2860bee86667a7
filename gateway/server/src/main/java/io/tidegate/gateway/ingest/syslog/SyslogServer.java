package io.tidegate.gateway.ingest.syslog;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port, over UDP, over TCP, or both. Thread-safe. */
final class SyslogServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SyslogServer.class);
    private static final long LAST_WORDS_MS = TimeUnit.SECONDS.toMillis(8);

    private final int port;
    private final Optional<TcpListener> tcp;
    private final Optional<UdpListener> udp;

    private SyslogServer(int port, Optional<TcpListener> tcp, Optional<UdpListener> udp) {
        this.port = port;
        this.tcp = tcp;
        this.udp = udp;
    }

    /**
     * Binds; what comes waits until {@link #start}.
     *
     * @throws IOException when the address is taken
     */
    static SyslogServer bind(SyslogSettings settings) throws IOException {
        SyslogSettings.Rules rules = settings.rules();
        InetSocketAddress address = address(rules.host(), settings.port());
        if (!rules.tcp()) {
            UdpListener udp = new UdpListener(address, rules, settings.name());
            return new SyslogServer(udp.port(), Optional.empty(), Optional.of(udp));
        }
        TcpListener tcp = new TcpListener(address, rules, settings.name());
        if (!rules.udp()) {
            return new SyslogServer(tcp.port(), Optional.of(tcp), Optional.empty());
        }
        try {
            InetSocketAddress same = new InetSocketAddress(address.getAddress(), tcp.port());
            return new SyslogServer(
                    tcp.port(), Optional.of(tcp), Optional.of(new UdpListener(same, rules, settings.name())));
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
    }

    private static InetSocketAddress address(String host, int port) throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException(host);
        }
        return address;
    }

    /** Reads, on threads of its own. */
    void start(FrameHandler frames) {
        tcp.ifPresent(listener -> listener.start(frames));
        udp.ifPresent(listener -> listener.start(frames));
    }

    /** Where it listens. */
    int port() {
        return port;
    }

    /** How many are connected over TCP. */
    int connections() {
        return tcp.map(TcpListener::connections).orElse(0);
    }

    /** Datagrams that the kernel has dropped. */
    long drops() {
        return udp.isPresent() ? KernelDrops.of(port) : 0;
    }

    /**
     * Reads what has been received, until it is on disk or eight seconds have passed, and closes. A sender that
     * does not stop is read for two seconds. Blocks.
     */
    void drain() {
        tcp.ifPresent(TcpListener::stop);
        udp.ifPresent(UdpListener::stop);
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WORDS_MS);
        try {
            if (tcp.isPresent()) {
                tcp.get().await(left(until));
            }
            if (udp.isPresent()) {
                udp.get().await(left(until));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    private static long left(long until) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()));
    }

    /** What is not read or not on disk yet is lost. */
    @Override
    public void close() {
        tcp.ifPresent(TcpListener::close);
        try {
            if (udp.isPresent()) {
                udp.get().close();
            }
        } catch (IOException e) {
            log.debug("closing: {}", e.toString());
        }
    }
}
