package io.tidegate.gateway.source;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.log.DeadLetter;
import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.log.PresenceState;
import io.tidegate.gateway.log.Tally;
import io.tidegate.protocol.KeyGroups;
import io.tidegate.protocol.v1.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What gathered while the one before was on its way to disk, in the order of receipt, sorted by key group. Grows inside
 * one stream stage, then is handed on and never touched again.
 */
final class Batch {

    /** What a device's own word about its presence is put down to. */
    private static final String STATUS = "status";

    /**
     * Consecutive messages of a key group: events, then statuses. A reading that follows a status opens the next part,
     * so that a device which went and came back within one batch is back.
     */
    record Part(List<Event> events, List<Presence> status) {
        Part() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    private final String source;
    private final int keyGroups;
    private final List<Received> received = new ArrayList<>();
    private final Map<Integer, List<Part>> parts = new LinkedHashMap<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private long retained;

    Batch(String source, int keyGroups) {
        this.source = source;
        this.keyGroups = keyGroups;
    }

    /** Puts a message behind the others. */
    Batch with(Received message, Decoded decoded) {
        received.add(message);
        if (decoded instanceof Decoded.Events events) {
            eventsOf(events.device()).addAll(events.events());
        } else if (decoded instanceof Decoded.Status status) {
            PresenceState state = status.online() ? PresenceState.ONLINE : PresenceState.OFFLINE;
            lastPart(status.device()).status().add(new Presence(status.device(), state, message.stampMs(), STATUS));
        } else if (decoded instanceof Decoded.Rejected rejected) {
            deadLetters.add(deadLetter(message, rejected));
        } else {
            retained++;
        }
        return this;
    }

    /** The messages, in the order of receipt. */
    List<Received> received() {
        return received;
    }

    /** What each key group gets, in order. */
    Map<Integer, List<Part>> parts() {
        return parts;
    }

    List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    /** What became of the messages that no key group sees. */
    Tally tallyBesideKeyGroups() {
        return Tally.ofDeadLetters(deadLetters.size()).plus(Tally.ofRetainedIgnored(retained));
    }

    private List<Event> eventsOf(String device) {
        Part last = lastPart(device);
        if (last.status().isEmpty()) {
            return last.events();
        }
        Part next = new Part();
        partsOf(device).add(next);
        return next.events();
    }

    private Part lastPart(String device) {
        List<Part> all = partsOf(device);
        if (all.isEmpty()) {
            all.add(new Part());
        }
        return all.get(all.size() - 1);
    }

    private List<Part> partsOf(String device) {
        return parts.computeIfAbsent(KeyGroups.of(device, keyGroups), keyGroup -> new ArrayList<>(1));
    }

    private DeadLetter deadLetter(Received message, Decoded.Rejected rejected) {
        byte[] raw = message.delivery().payload();
        return new DeadLetter(
                message.stampMs(),
                source,
                message.delivery().topic(),
                rejected.reason().label(),
                rejected.detail(),
                rejected.decoder(),
                raw,
                raw.length);
    }
}
