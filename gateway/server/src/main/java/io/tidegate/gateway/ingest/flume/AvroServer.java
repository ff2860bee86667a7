package io.tidegate.gateway.ingest.flume;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tidegate.gateway.ingest.MemoryReservation;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for agents. Neither compression nor TLS is negotiated: all agents of a gateway do as its settings say. The
 * number of connections is bounded, each has one request of a bounded size, and all of them together hold a bounded number of
 * bytes. A connection beyond these bounds is closed, and so is one that is silent for too long.
 */
public final class AvroServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AvroServer.class);
    private static final long LAST_ANSWERS_MS = 2_000;

    private final FlumeSettings settings;
    private final BatchHandler batches;
    private final Optional<SslContext> tls;
    private final Semaphore room;
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("flume", true), NioIoHandler.newFactory());
    // A thread for each connection at most, since each has one request under way at most.
    private final ExecutorService waiting =
            Executors.newCachedThreadPool(new DefaultThreadFactory("flume-batch", true));
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listening;

    private AvroServer(FlumeSettings settings, BatchHandler batches) throws IOException {
        this.settings = settings;
        this.batches = batches;
        this.tls = tls(settings);
        this.room = new Semaphore(settings.maxInFlightBytes());
        this.listening = listen();
    }

    /**
     * Listens.
     *
     * @throws IOException when the address is taken, or the certificate can't be used
     */
    public static AvroServer start(FlumeSettings settings, BatchHandler batches) throws IOException {
        return new AvroServer(settings, batches);
    }

    private static Optional<SslContext> tls(FlumeSettings settings) throws IOException {
        if (settings.pem().isEmpty()) {
            return Optional.empty();
        }
        Path pem = settings.pem().get();
        try (InputStream chain = Files.newInputStream(pem);
                InputStream key = Files.newInputStream(pem)) {
            return Optional.of(SslContextBuilder.forServer(chain, key).build());
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "tls.pem " + pem + ": " + e
                            + " (expected: a certificate chain and its private key, PKCS#8, in PEM)",
                    e);
        }
    }

    private Channel listen() throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                })
                .bind(new InetSocketAddress(settings.host(), settings.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var unused = loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            throw new IOException(bound.cause().toString(), bound.cause());
        }
        return bound.channel();
    }

    private void accept(SocketChannel channel) {
        connections.add(channel);
        if (connections.size() > settings.maxConnections()) {
            log.warn(
                    "a Flume agent at {} is hung up on: {} are connected (flume.max-connections)",
                    channel.remoteAddress(),
                    settings.maxConnections());
            var unused = channel.close();
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        if (settings.compression() == FlumeSettings.Compression.DEFLATE) {
            pipeline.addLast(
                    ZlibCodecFactory.newZlibEncoder(ZlibWrapper.ZLIB),
                    // The frames' decoder counts the pieces.
                    new PiecewiseInflater());
        }
        // Behind the inflater: an agent with both (flume-ng-sdk 1.11) compresses what it has encrypted.
        tls.ifPresent(context -> pipeline.addLast(context.newHandler(channel.alloc())));
        RequestMemory memory = new RequestMemory(new MemoryReservation(room, settings.maxInFlightBytes()));
        AvroResponder responder = new AvroResponder(channel.remoteAddress(), batches, memory);
        pipeline.addLast(
                new IdleStateHandler(0, 0, settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS),
                new AvroFrame.Decoder(settings.maxRequestBytes(), memory),
                new AvroFrame.Encoder(),
                new FlowControlHandler(),
                new AvroConnection(responder, waiting, memory));
    }

    /** Where it listens. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** How many agents are connected. */
    public int connections() {
        return connections.size();
    }

    /**
     * Takes no more requests, gives the last answers two seconds, and hangs up; a batch that was not answered is sent again by
     * its agent. Blocks.
     */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        waiting.shutdown();
        try {
            if (!waiting.awaitTermination(LAST_ANSWERS_MS, TimeUnit.MILLISECONDS)) {
                log.warn("Flume agents are hung up on without an answer: they will send their batches again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waiting.shutdownNow();
        connections.close().awaitUninterruptibly();
        var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
