package io.tidegate.gateway.ingest.syslog;

import com.google.protobuf.ByteString;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.ingest.BodyDecoder;
import java.util.List;

/** What becomes of bytes that come by syslog, for tests of other packages. */
public final class SyslogBytes {

    private SyslogBytes() {}

    /** A datagram with a line of an access log. */
    public static Decoded.Events datagram(byte[] bytes, BodyDecoder bodies, long receivedMs) {
        return read(List.of(new SyslogFrame.Message(ByteString.copyFrom(bytes))), bodies, receivedMs);
    }

    /** All that comes over a connection, to its end. */
    public static Decoded.Events connection(byte[] bytes, BodyDecoder bodies, long receivedMs) {
        FrameReader reader = new FrameReader(64 << 10);
        reader.feed(bytes, 0, bytes.length);
        reader.end();
        return read(reader.take(), bodies, receivedMs);
    }

    private static Decoded.Events read(List<SyslogFrame> frames, BodyDecoder bodies, long receivedMs) {
        return new MessageDecoder(LineDecoder.Kind.WEBLOG, LinePrefix.NONE, bodies).read(frames, receivedMs);
    }
}
