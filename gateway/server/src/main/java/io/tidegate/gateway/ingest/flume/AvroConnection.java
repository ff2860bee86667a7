package io.tidegate.gateway.ingest.flume;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.avro.Protocol;
import org.apache.avro.ipc.Transceiver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent that is connected. One request at a time: while it waits for the disk, on a thread that may wait, nothing more is
 * read from the agent. Frames come on the connection's event loop.
 */
final class AvroConnection extends SimpleChannelInboundHandler<AvroFrame> {

    private static final Logger log = LoggerFactory.getLogger(AvroConnection.class);

    private final AvroResponder responder;
    private final Executor waiting;
    private final RequestMemory memory;
    private final Handshake handshake = new Handshake();

    private volatile boolean answering;

    /**
     * An agent that has connected.
     *
     * @param waiting runs what waits for the disk; when it takes no more we are stopping
     * @param memory what its requests hold
     */
    AvroConnection(AvroResponder responder, Executor waiting, RequestMemory memory) {
        super(AvroFrame.class);
        this.responder = responder;
        this.waiting = waiting;
        this.memory = memory;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, AvroFrame request) {
        context.channel().config().setAutoRead(false);
        answering = true;
        try {
            waiting.execute(() -> answer(context, request));
        } catch (RejectedExecutionException stopping) {
            hangUp(context);
        }
    }

    private void answer(ChannelHandlerContext context, AvroFrame request) {
        try {
            List<ByteBuffer> answer = responder.respond(request.buffers(), handshake);
            // Until it has left: at a stop connections are closed when nobody is answering any more.
            context.writeAndFlush(new AvroFrame(request.serial(), answer)).await();
            answering = false;
            memory.answered();
            context.channel().config().setAutoRead(true);
        } catch (IOException | RuntimeException e) {
            exceptionCaught(context, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            hangUp(context);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && !answering) {
            log.info(
                    "a Flume agent at {} is hung up on: it was silent (flume.idle-timeout)",
                    context.channel().remoteAddress());
            hangUp(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        memory.close();
        context.fireChannelInactive();
    }

    /** Not an agent, or one that was cut off: what it was not answered comes again. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.warn(
                "the connection of a Flume agent at {} is closed: {}",
                context.channel().remoteAddress(),
                cause.toString());
        hangUp(context);
    }

    private static void hangUp(ChannelHandlerContext context) {
        var unused = context.close();
    }

    /** What Avro's responder must remember of a connection: that it has shaken hands, and with which protocol. */
    private static final class Handshake extends Transceiver {

        private @Nullable Protocol remote;

        @Override
        public boolean isConnected() {
            return remote != null;
        }

        @Override
        public void setRemote(Protocol protocol) {
            remote = protocol;
        }

        @Override
        @SuppressWarnings("NullAway") // asked only when isConnected
        public Protocol getRemote() {
            return remote;
        }

        @Override
        public String getRemoteName() {
            return "";
        }

        @Override
        public List<ByteBuffer> readBuffers() {
            throw new UnsupportedOperationException("we are the server");
        }

        @Override
        public void writeBuffers(List<ByteBuffer> buffers) {
            throw new UnsupportedOperationException("we are the server");
        }
    }
}
