package io.tidegate.processor.ops.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the first request of each connection when all of it is there, and hangs up. */
@Sharable
final class RequestHandler extends SimpleChannelInboundHandler<HttpObject> {

    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
    private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final AttributeKey<HttpRequest> FIRST = AttributeKey.valueOf(RequestHandler.class, "first");

    private final Map<String, Supplier<HttpReply>> pages;
    private final Executor executor;

    /**
     * The answers of these pages.
     *
     * @param executor where they are made
     */
    RequestHandler(Map<String, Supplier<HttpReply>> pages, Executor executor) {
        this.pages = pages;
        this.executor = executor;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        Channel connection = context.channel();
        if (part instanceof HttpRequest head) {
            connection.attr(FIRST).setIfAbsent(head);
        }
        // A body is no use here, but who is answered while he sends it may not hear the answer.
        if (part instanceof LastHttpContent && connection.config().isAutoRead()) {
            HttpRequest request = connection.attr(FIRST).get();
            connection.config().setAutoRead(false);
            executor.execute(() -> send(connection, request));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("{}", context.channel(), cause);
        var unused = context.close();
    }

    private void send(Channel connection, HttpRequest request) {
        if (!connection.isActive()) {
            return;
        }
        HttpReply reply = reply(request);
        byte[] body = reply.body().getBytes(UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (reply.status() == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        connection.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    private HttpReply reply(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return HttpReply.json(
                    400,
                    Map.of(
                            "error",
                            "no HTTP: " + request.decoderResult().cause().getMessage()));
        }
        if (!METHODS.contains(request.method())) {
            return HttpReply.json(405, Map.of("error", "only GET and HEAD are answered here"));
        }
        String path = path(request.uri());
        Supplier<HttpReply> page = pages.get(path);
        if (page == null) {
            return HttpReply.json(404, Map.of("error", "no such page", "pages", new TreeSet<>(pages.keySet())));
        }
        try {
            return page.get();
        } catch (RuntimeException e) {
            LOG.warn("{} failed", path, e);
            return HttpReply.json(500, Map.of("error", String.valueOf(e.getMessage())));
        }
    }

    /** Of a path with or without what stands before and behind it. */
    private static String path(String uri) {
        try {
            String path = new URI(uri).getPath();
            return path == null ? uri : path;
        } catch (URISyntaxException e) {
            return uri; // the name of no page
        }
    }
}
