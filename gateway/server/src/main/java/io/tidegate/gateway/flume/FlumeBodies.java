package io.tidegate.gateway.flume;

import io.tidegate.gateway.decode.Bodies;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.protocol.v1.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what agents push: the body of each event is good or bad for itself. What its headers say of time is not asked, a line
 * or a reading has its own. Thread-safe; never throws.
 */
record FlumeBodies(FlumeSettings.Body kind, Bodies bodies) {

    /** All events of a batch, in their order. */
    Decoded.Events read(List<FlumeEvent> batch, long receivedMs) {
        List<Event> events = new ArrayList<>(batch.size());
        List<Decoded.Damaged> damaged = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            FlumeEvent sent = batch.get(i);
            Decoded.Events read = read(sent, receivedMs);
            events.addAll(read.events());
            String place = "event " + (i + 1) + " of the batch"
                    + sent.file().map(file -> ", from " + file).orElse("");
            for (Decoded.Damaged part : read.damaged()) {
                damaged.add(new Decoded.Damaged(part.why().in(place), i + 1, part.raw(), part.length()));
            }
        }
        return new Decoded.Events(events, damaged);
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
