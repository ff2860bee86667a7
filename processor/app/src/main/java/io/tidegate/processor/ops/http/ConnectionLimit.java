package io.tidegate.processor.ops.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Bounds connections, in number and in time. All of them have the same thread, the only one to come here. */
@Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {

    private final int most;
    private final Duration life;
    /** In the order in which they were opened, with what closes each when its time is over. */
    private final Map<Channel, Future<?>> ends = new LinkedHashMap<>();

    ConnectionLimit(int most, Duration life) {
        this.most = most;
        this.life = life;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (ends.size() == most) {
            hangUp(ends.keySet().iterator().next());
        }
        Channel connection = context.channel();
        Runnable end = () -> hangUp(connection);
        ends.put(connection, context.executor().schedule(end, life.toMillis(), TimeUnit.MILLISECONDS));
        context.fireChannelActive();
    }

    private static void hangUp(Channel connection) {
        var unused = connection.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Future<?> end = ends.remove(context.channel());
        if (end != null) {
            end.cancel(false);
        }
        context.fireChannelInactive();
    }
}
