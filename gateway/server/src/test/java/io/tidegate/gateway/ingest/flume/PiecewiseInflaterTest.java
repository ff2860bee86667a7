package io.tidegate.gateway.ingest.flume;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class PiecewiseInflaterTest {

    @Test
    void bytes_that_inflate_to_very_many_are_counted_piece_by_piece() throws Exception {
        AtomicLong seen = new AtomicLong();
        EmbeddedChannel channel = new EmbeddedChannel(new PiecewiseInflater(), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object piece) {
                int length = ((ByteBuf) piece).readableBytes();
                assertThat(length).isLessThanOrEqualTo(16 << 10);
                ((ByteBuf) piece).release();
                if (seen.addAndGet(length) > 100_000) {
                    var unused = context.close();
                }
            }
        });
        Deflater deflater = new Deflater();
        deflater.setInput(new byte[50_000_000]);
        byte[] bomb = new byte[100_000];
        int length = deflater.deflate(bomb, 0, bomb.length, Deflater.SYNC_FLUSH);
        deflater.end();
        assertThat(length).isLessThan(bomb.length);

        channel.writeInbound(Unpooled.wrappedBuffer(bomb, 0, length));

        // The piece with which there were more than 100,000.
        assertThat(seen.get()).isEqualTo(7L * (16 << 10));
        channel.finishAndReleaseAll();
    }

    @Test
    void what_is_deflated_in_pieces_of_any_size_comes_out_whole() throws Exception {
        byte[] plain = new byte[300_000];
        new Random(7).nextBytes(plain);
        Deflater deflater = new Deflater();
        deflater.setInput(plain);
        byte[] sent = new byte[400_000];
        int length = deflater.deflate(sent, 0, sent.length, Deflater.SYNC_FLUSH);
        deflater.end();
        EmbeddedChannel channel = new EmbeddedChannel(new PiecewiseInflater());
        for (int at = 0; at < length; at += 777) {
            channel.writeInbound(Unpooled.wrappedBuffer(sent, at, Math.min(777, length - at)));
        }
        ByteBuf whole = Unpooled.buffer();
        for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
            whole.writeBytes(piece);
            piece.release();
        }
        assertThat(ByteBufUtil.getBytes(whole)).isEqualTo(plain);
        channel.finishAndReleaseAll();
    }
}
