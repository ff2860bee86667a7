package io.tidegate.gateway.ingest.flume;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates a connection's bytes (ZLIB) in pieces of a fixed size. Each piece goes on to the next handler before the one behind it
 * is inflated, so a few bytes that stand for very many never become more than one piece before somebody has counted them; when
 * that handler closes the connection, nothing more is inflated.
 */
final class PiecewiseInflater extends ChannelInboundHandlerAdapter {

    private static final int PIECE = 16 << 10;

    private final Inflater inflater = new Inflater();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf sent = (ByteBuf) message;
        try {
            byte[] input = new byte[sent.readableBytes()];
            sent.readBytes(input);
            inflater.setInput(input);
            boolean more = true;
            while (more && context.channel().isActive()) {
                more = inflate(context);
            }
        } catch (DataFormatException e) {
            throw new DecoderException("deflate: " + e.getMessage(), e);
        } finally {
            sent.release();
        }
    }

    /** Gives one piece. @return whether there may be another */
    private boolean inflate(ChannelHandlerContext context) throws DataFormatException {
        ByteBuf piece = context.alloc().heapBuffer(PIECE);
        int length;
        try {
            length = inflater.inflate(piece.array(), piece.arrayOffset(), PIECE);
        } catch (DataFormatException e) {
            piece.release();
            throw e;
        }
        if (length == 0) {
            piece.release();
            if (inflater.finished() || inflater.needsDictionary()) {
                throw new DecoderException(
                        "deflate: the stream has ended (expected: it lasts as long as the connection)");
            }
            return false;
        }
        context.fireChannelRead(piece.writerIndex(length));
        return true;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        inflater.end();
    }
}
