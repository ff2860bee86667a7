package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.persistent.Encoding;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Events of one key, each within a gap of the next: a piece of a session.
 *
 * @param startMs least event time
 * @param endMs greatest event time
 * @param events how many
 * @param lastReceivedMs greatest time of receipt
 * @param content what they come to
 * @param keyGroups events per key group, for the ledger
 */
public record PartialSession(
        long startMs,
        long endMs,
        long events,
        long lastReceivedMs,
        SessionAggregate content,
        SortedMap<Integer, Long> keyGroups) {

    /**
     * The fragments of some events of one key, in order of start: cut where the gap is exceeded.
     *
     * @param events in any order; stay as they are
     */
    public static List<PartialSession> of(List<InputEvent> events, long gapMs) {
        List<InputEvent> byTime = new ArrayList<>(events);
        byTime.sort(Comparator.comparingLong(InputEvent::timeMs));
        List<PartialSession> fragments = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= byTime.size(); i++) {
            boolean cut = i == byTime.size()
                    || byTime.get(i).timeMs() > byTime.get(i - 1).timeMs() + gapMs;
            if (cut) {
                fragments.add(of(byTime.subList(from, i)));
                from = i;
            }
        }
        return List.copyOf(fragments);
    }

    private static PartialSession of(List<InputEvent> connected) {
        SortedMap<Integer, Long> keyGroups = new TreeMap<>();
        long received = Long.MIN_VALUE;
        for (InputEvent event : connected) {
            keyGroups.merge(event.keyGroup(), 1L, Long::sum);
            received = Math.max(received, event.receivedMs());
        }
        return new PartialSession(
                connected.get(0).timeMs(),
                connected.get(connected.size() - 1).timeMs(),
                connected.size(),
                received,
                SessionAggregate.of(connected),
                Collections.unmodifiableSortedMap(keyGroups));
    }

    /** Whether an event of one is within {@code gapMs} of an event of the other. */
    public boolean touches(PartialSession other, long gapMs) {
        return startMs <= other.endMs + gapMs && other.startMs <= endMs + gapMs;
    }

    /** Both together; associative and commutative. */
    public PartialSession merge(PartialSession other) {
        SortedMap<Integer, Long> bothGroups = new TreeMap<>(keyGroups);
        other.keyGroups.forEach((group, count) -> bothGroups.merge(group, count, Long::sum));
        return new PartialSession(
                Math.min(startMs, other.startMs),
                Math.max(endMs, other.endMs),
                events + other.events,
                Math.max(lastReceivedMs, other.lastReceivedMs),
                content.merge(other.content),
                Collections.unmodifiableSortedMap(bothGroups));
    }

    /** The same without what only the ledger needs. */
    public PartialSession withoutKeyGroups() {
        return new PartialSession(startMs, endMs, events, lastReceivedMs, content, Collections.emptySortedMap());
    }

    /** Writes it for {@link #read}. */
    public void write(DataOutput out) throws IOException {
        out.writeLong(startMs);
        out.writeLong(endMs);
        out.writeLong(events);
        out.writeLong(lastReceivedMs);
        content.write(out);
        Encoding.writeSorted(out, keyGroups, Encoding::integer, (count, sink) -> sink.writeLong(count));
    }

    /** Reads what {@link #write} wrote. */
    public static PartialSession read(DataInput in) throws IOException {
        return new PartialSession(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                SessionAggregate.read(in),
                Encoding.readSorted(in, DataInput::readInt, DataInput::readLong));
    }
}
