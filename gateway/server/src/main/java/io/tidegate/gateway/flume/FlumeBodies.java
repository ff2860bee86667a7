package io.tidegate.gateway.flume;

import io.tidegate.gateway.decode.Bodies;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.Rejections;
import io.tidegate.protocol.v1.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what agents push: the body of each event is good or bad for itself. What its headers say of time is not asked, a line
 * or a reading has its own. Thread-safe; never throws.
 */
record FlumeBodies(FlumeSettings.Body kind, Bodies bodies) {

    /** All events of a batch, in their order. What can't be read of it is bounded for the batch as a whole. */
    Decoded.Events read(List<FlumeEvent> batch, long receivedMs) {
        List<Event> events = new ArrayList<>(batch.size());
        Rejections rejections = bodies.rejections();
        for (int i = 0; i < batch.size(); i++) {
            FlumeEvent sent = batch.get(i);
            Decoded.Events read = read(sent, receivedMs);
            events.addAll(read.events());
            for (Decoded.Damaged part : read.damaged()) {
                rejections.add(new Decoded.Damaged(
                        part.why().in(place(sent, i + 1)), i + 1, part.raw(), part.length(), part.count()));
            }
        }
        return new Decoded.Events(events, rejections.take());
    }

    private static String place(FlumeEvent sent, int number) {
        return "event " + number + " of the batch"
                + sent.file().map(file -> ", from " + file).orElse("");
    }

    private Decoded.Events read(FlumeEvent sent, long receivedMs) {
        byte[] body = sent.body().toByteArray();
        Optional<String> host = sent.header("host");
        return switch (kind) {
            case WEBLOG -> bodies.logs(body, host, receivedMs);
            case READINGS -> bodies.readings(body, receivedMs);
        };
    }
}
