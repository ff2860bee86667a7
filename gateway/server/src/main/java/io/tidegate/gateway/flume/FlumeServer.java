package io.tidegate.gateway.flume;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.apache.avro.ipc.netty.NettyServer;

/** Listens for agents. Neither compression nor TLS is negotiated: who wants both kinds opens two. */
public final class FlumeServer implements AutoCloseable {

    /**
     * How it listens.
     *
     * @param deflate agents have {@code compression-type = deflate}
     * @param tls what it proves itself with; empty: no TLS
     * @param agents so many batches wait for the disk at the same time
     * @param patience how long a batch may wait for it
     */
    public record Settings(
            String host, int port, boolean deflate, Optional<SslContext> tls, int agents, Duration patience) {}

    /** Beyond that a compressed batch is a bomb, and its connection is closed. */
    private static final int MOST_INFLATED = 64 << 20;

    private final NettyServer server;

    private FlumeServer(NettyServer server) {
        this.server = server;
    }

    /**
     * Listens.
     *
     * @throws IOException when the address is taken
     */
    public static FlumeServer start(Settings settings, FlumeBatches batches) throws IOException, InterruptedException {
        // The threads that wait for the disk are not those that read.
        EventLoopGroup callers = new MultiThreadIoEventLoopGroup(settings.agents(), LocalIoHandler.newFactory());
        try {
            return new FlumeServer(new NettyServer(
                    new FlumeResponder(batches, settings.patience()),
                    new InetSocketAddress(settings.host(), settings.port()),
                    channel -> prepare(channel, settings),
                    bootstrap -> {},
                    new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()),
                    new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory()),
                    callers));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) { // Netty throws checked ones too, unannounced
            throw new IOException(settings.host() + ":" + settings.port() + ": " + e.getMessage(), e);
        }
    }

    private static void prepare(SocketChannel channel, Settings settings) {
        ChannelPipeline pipeline = channel.pipeline();
        settings.tls().ifPresent(tls -> pipeline.addLast("tls", tls.newHandler(channel.alloc())));
        if (settings.deflate()) {
            pipeline.addLast("deflater", ZlibCodecFactory.newZlibEncoder(ZlibWrapper.ZLIB));
            pipeline.addLast("inflater", ZlibCodecFactory.newZlibDecoder(ZlibWrapper.ZLIB, MOST_INFLATED));
        }
    }

    /** Where it listens. */
    public int port() {
        return server.getPort();
    }

    /** Hangs up; a batch that was not answered is sent again by its agent. */
    @Override
    public void close() {
        server.close();
    }
}
