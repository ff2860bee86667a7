package io.tidegate.gateway.ingest.flume;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.Rejections;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.ingest.BodyDecoder;
import io.tidegate.protocol.v1.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what agents push: the body of each event is good or bad for itself. What its headers say of time is not asked, a line
 * or a reading has its own. Thread-safe; never throws.
 */
record BatchDecoder(LineDecoder.Kind kind, LinePrefix strip, BodyDecoder bodies) {

    /**
     * Events of a batch that are read together.
     *
     * @param before how many of the batch stand before them
     * @param most so many lines or readings become of them at most
     */
    record Part(int before, List<FlumeEvent> events, int most) {}

    /** A batch in parts, each of which makes no more than one request's body may; mostly it is one. */
    List<Part> parts(List<FlumeEvent> batch) {
        List<Part> parts = new ArrayList<>();
        int begin = 0;
        int most = 0;
        for (int i = 0; i < batch.size(); i++) {
            int more = most(batch.get(i));
            if (i > begin && more > bodies.most() - most) {
                parts.add(new Part(begin, batch.subList(begin, i), most));
                begin = i;
                most = 0;
            }
            most += more;
        }
        parts.add(new Part(begin, batch.subList(begin, batch.size()), most));
        return parts;
    }

    private int most(FlumeEvent sent) {
        byte[] body = sent.body().toByteArray();
        return switch (kind) {
            case WEBLOG -> bodies.mostOfLogs(body);
            case READINGS -> bodies.mostOfReadings(body);
        };
    }

    /** All events of a part, in their order. What can't be read of it is bounded for the part as a whole. */
    Decoded.Events read(Part part, long receivedMs) {
        List<Event> events = new ArrayList<>(part.events().size());
        Rejections rejections = bodies.rejections();
        int number = part.before();
        for (FlumeEvent sent : part.events()) {
            number++;
            Decoded.Events read = read(sent, receivedMs);
            events.addAll(read.events());
            for (Decoded.Damaged piece : read.damaged()) {
                rejections.add(new Decoded.Damaged(
                        piece.why().in(place(sent, number)), number, piece.raw(), piece.length(), piece.count()));
            }
        }
        return new Decoded.Events(events, rejections.take());
    }

    private static String place(FlumeEvent sent, int number) {
        return "event " + number + " of the batch"
                + sent.file().map(file -> ", from " + file).orElse("");
    }

    private Decoded.Events read(FlumeEvent sent, long receivedMs) {
        return bodies.read(kind, sent.body().toByteArray(), sent.header("host"), strip, receivedMs);
    }
}
