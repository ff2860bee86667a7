package io.tidegate.processor.ops.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Serves pages to {@code GET} and {@code HEAD}. One thread reads and writes for all connections and waits for none of them,
 * two make the pages. A connection is for one request, and has {@value #LIFETIME_SECONDS} seconds from its opening to the end of the
 * answer; of more than {@value #MAX_CONNECTIONS} connections the one that was opened first is closed.
 */
public final class HttpServer implements AutoCloseable {

    static final int MAX_CONNECTIONS = 256;
    private static final int LIFETIME_SECONDS = 10;

    private final EventLoopGroup connections;
    private final ExecutorService pages;
    private final Channel listener;

    private HttpServer(EventLoopGroup connections, ExecutorService pages, Channel listener) {
        this.connections = connections;
        this.pages = pages;
        this.listener = listener;
    }

    /**
     * Binds and serves. Port 0 takes any free one.
     *
     * @param pages by path, {@code "/livez"}; called on two threads, for every request
     * @throws IOException when the address can't be bound
     */
    public static HttpServer start(InetSocketAddress address, Map<String, Supplier<HttpReply>> pages)
            throws IOException {
        return start(address, pages, Duration.ofSeconds(LIFETIME_SECONDS));
    }

    static HttpServer start(InetSocketAddress address, Map<String, Supplier<HttpReply>> pages, Duration life)
            throws IOException {
        EventLoopGroup one =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
        ExecutorService two = new ThreadPoolExecutor(
                2,
                2,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_CONNECTIONS), // whose request finds no room is hung up on
                new DefaultThreadFactory("http-page", true));
        RequestHandler handler = new RequestHandler(Map.copyOf(pages), two);
        ConnectionLimit limit = new ConnectionLimit(MAX_CONNECTIONS, life);
        ChannelFuture bound = new ServerBootstrap()
                .group(one)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection.pipeline().addLast(limit, new HttpServerCodec(), handler);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        HttpServer server = new HttpServer(one, two, bound.channel());
        if (!bound.isSuccess()) {
            server.close();
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        return server;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Stops at once. */
    @Override
    public void close() {
        pages.shutdownNow();
        listener.close().awaitUninterruptibly();
        connections.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
