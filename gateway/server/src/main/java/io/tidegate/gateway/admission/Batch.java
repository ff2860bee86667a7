package io.tidegate.gateway.admission;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.log.DeadLetter;
import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.log.PresenceState;
import io.tidegate.gateway.log.StateUpdate;
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
    private final Map<Integer, List<Part>> parts = new LinkedHashMap<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<StateUpdate> state = new ArrayList<>();
    // More than there are dead letters, where one stands for several lines.
    private long unread;
    private long retained;

    Batch(String source, int keyGroups) {
        this.source = source;
        this.keyGroups = keyGroups;
    }

    /** Puts a message behind the others. */
    Batch with(Envelope<?> message) {
        Decoded decoded = message.decoded();
        state.addAll(message.state());
        if (decoded instanceof Decoded.Events events) {
            events.events().forEach(event -> eventsOf(key(event)).add(event));
            events.damaged().forEach(damaged -> deadLetters.add(deadLetter(message, damaged)));
            unread += events.rejected();
        } else if (decoded instanceof Decoded.Status status) {
            PresenceState state = status.online() ? PresenceState.ONLINE : PresenceState.OFFLINE;
            lastPart(status.device()).status().add(new Presence(status.device(), state, message.stampMs(), STATUS));
        } else if (decoded instanceof Decoded.Rejected rejected) {
            byte[] raw = message.raw();
            deadLetters.add(deadLetter(message, new Decoded.Damaged(rejected, 1, raw, raw.length)));
            unread++;
        } else {
            retained++;
        }
        return this;
    }

    /** What each key group gets, in order. */
    Map<Integer, List<Part>> parts() {
        return parts;
    }

    List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    /** What must be in the same commit as the events. */
    List<StateUpdate> state() {
        return state;
    }

    /** What became of the messages that no key group sees. */
    Tally tallyBesideKeyGroups() {
        return Tally.ofDeadLetters(unread).plus(Tally.ofRetainedIgnored(retained));
    }

    private static String key(Event event) {
        return event.hasReading()
                ? event.getReading().getDevice()
                : event.getRequest().getClient();
    }

    private List<Event> eventsOf(String key) {
        Part last = lastPart(key);
        if (last.status().isEmpty()) {
            return last.events();
        }
        Part next = new Part();
        partsOf(key).add(next);
        return next.events();
    }

    private Part lastPart(String key) {
        List<Part> all = partsOf(key);
        if (all.isEmpty()) {
            all.add(new Part());
        }
        return all.get(all.size() - 1);
    }

    private List<Part> partsOf(String key) {
        return parts.computeIfAbsent(KeyGroups.of(key, keyGroups), keyGroup -> new ArrayList<>(1));
    }

    private DeadLetter deadLetter(Envelope<?> message, Decoded.Damaged damaged) {
        Decoded.Rejected why = damaged.why();
        return new DeadLetter(
                message.stampMs(),
                source,
                message.origin(),
                why.reason().label(),
                why.detail(),
                why.decoder(),
                damaged.raw(),
                (int) Math.min(Integer.MAX_VALUE, damaged.length()));
    }
}
