package io.tidegate.gateway.ingest.syslog;

import com.google.protobuf.ByteString;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.decode.Rejections;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.gateway.ingest.syslog.SyslogMessage.Malformed;
import io.tidegate.protocol.v1.Event;
import java.util.ArrayList;
import java.util.List;

/** Reads messages, each of which is good or bad for itself. Thread-safe; never throws. */
record MessageDecoder(LineDecoder.Kind kind, LinePrefix strip, BodyDecoder bodies) {

    private static final String DECODER = "syslog";

    /** All events of a piece, in their order. */
    Decoded.Events read(List<SyslogFrame> piece, long receivedMs) {
        List<Event> events = new ArrayList<>(piece.size());
        Rejections rejections = bodies.rejections();
        for (SyslogFrame frame : piece) {
            Decoded.Events read = read(frame, receivedMs);
            events.addAll(read.events());
            read.damaged().forEach(rejections::add);
        }
        return new Decoded.Events(events, rejections.take());
    }

    private Decoded.Events read(SyslogFrame frame, long receivedMs) {
        if (frame instanceof SyslogFrame.Message message) {
            return message(message.bytes(), receivedMs);
        }
        if (frame instanceof SyslogFrame.TooLong tooLong) {
            String detail = tooLong.length() + " bytes (expected: at most " + tooLong.most() + ", max-message)";
            return damaged(Reason.PAYLOAD_TOO_LARGE, detail, tooLong.head(), tooLong.length());
        }
        SyslogFrame.Broken broken = (SyslogFrame.Broken) frame;
        return damaged(
                Reason.INVALID_SYSLOG,
                broken.why(),
                broken.bytes(),
                broken.bytes().size());
    }

    private Decoded.Events message(ByteString bytes, long receivedMs) {
        SyslogMessage message;
        try {
            message = SyslogMessage.read(bytes.toByteArray());
        } catch (Malformed e) {
            return damaged(Reason.INVALID_SYSLOG, String.valueOf(e.getMessage()), bytes, bytes.size());
        }
        byte[] content = bytes.substring(message.from()).toByteArray();
        if (content.length == 0) {
            return damaged(Reason.EMPTY_PAYLOAD, "a message without content", bytes, bytes.size());
        }
        return bodies.read(kind, content, message.host(), strip, receivedMs);
    }

    private static Decoded.Events damaged(Reason reason, String detail, ByteString raw, long length) {
        return new Decoded.Events(
                List.of(),
                List.of(new Decoded.Damaged(
                        Decoded.Rejected.of(reason, DECODER, detail), 1, raw.toByteArray(), length)));
    }
}
