package io.tidegate.gateway.log;

import akka.actor.typed.ActorRef;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Small logs for tests. */
public final class LogFixture {

    /** A time at which tests take place. */
    public static final long NOW_MS = 1_790_000_000_000L;

    private LogFixture() {}

    public static LogSettings settings(Path folder) {
        return new LogSettings(
                folder,
                64 << 20,
                LogSettings.WhenFull.HOLD,
                0,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofMillis(50),
                1_000,
                Duration.ofDays(30));
    }

    /** The least quota there is: small buffers, which are often written out. */
    static LogSettings small(Path folder) {
        return new LogSettings(
                folder,
                1 << 20,
                LogSettings.WhenFull.HOLD,
                0,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofMillis(50),
                1_000,
                Duration.ofDays(30));
    }

    static LogStore openSmall(Path folder) throws LogRefused {
        return RocksLogStore.open(small(folder), 2, "g1");
    }

    public static LogStore open(Path folder) throws LogRefused {
        return RocksLogStore.open(settings(folder), 2, "g1");
    }

    public static Event event(String device, double value, long receivedMs) {
        return Event.newBuilder()
                .setTimeUs(receivedMs * 1_000)
                .setReceivedMs(receivedMs)
                .setTimeSource(TimeSource.RECEIVED)
                .setReading(Reading.newBuilder()
                        .setDevice(device)
                        .setMetric("temperature")
                        .setValue(value))
                .build();
    }

    /** A chunk of events whose values are their offsets. */
    public static PendingChunk chunk(int keyGroup, long first, int count, long receivedMs) {
        Chunk chunk = Chunk.newBuilder()
                .setKeyGroup(keyGroup)
                .setFirstOffset(first)
                .setCount(count)
                .addAllEvents(IntStream.range(0, count)
                        .mapToObj(i -> event("d", (double) (first + i), receivedMs))
                        .toList())
                .build();
        return new PendingChunk(keyGroup, first, count, receivedMs, receivedMs - 1_000, chunk.toByteString());
    }

    public static LogWrite append(PendingChunk chunk) {
        Tally tally = new Tally(chunk.count(), chunk.count(), 0, 0, 0, 0, 0);
        return new LogWrite("mqtt", tally, Optional.of(chunk), List.of(), List.of());
    }

    public static LogWrite deadLetters(DeadLetter... letters) {
        return new LogWrite("mqtt", Tally.ofDeadLetters(letters.length), Optional.empty(), List.of(letters), List.of());
    }

    public static EventLog.Append deadLettersTo(ActorRef<EventLog.Durable> replyTo) {
        DeadLetter letter = new DeadLetter(NOW_MS, "mqtt", "t", "not-json", "", "json", new byte[0], 0);
        return new EventLog.Append(
                new LogWrite("mqtt", Tally.ofDeadLetters(1), Optional.empty(), List.of(letter), List.of()), replyTo);
    }

    public static void write(LogStore store, PendingChunk... chunks) {
        store.append(List.of(chunks).stream().map(LogFixture::append).toList());
    }

    /** One commit of these. */
    public static void commit(LogStore store, List<LogWrite> appends) {
        store.append(appends);
    }

    /** An append of a key group: events perhaps, presence and state. */
    public static LogWrite append(Optional<PendingChunk> chunk, List<Presence> presence, List<StateUpdate> state) {
        return new LogWrite("", Tally.ZERO, chunk, List.of(), presence, state, Optional.empty());
    }

    /** Trims and expires as the event log does between commits. */
    public static void expire(LogStore store, long nowMs) {
        store.expire(nowMs);
    }

    /** The cursors of a group that is registered. */
    static GroupCursors group(LogStore store, String name) {
        return Optional.ofNullable(store.groups().get(name)).orElseThrow();
    }

    /** The values of all events of a key group, in order. */
    public static List<Double> values(LogStore store, int keyGroup) {
        List<Double> values = new ArrayList<>();
        store.scan(
                keyGroup,
                0,
                chunk -> chunk.getEventsList()
                        .forEach(event -> values.add(event.getReading().getValue())));
        return values;
    }

    public static List<Double> upTo(int count) {
        return IntStream.range(0, count).mapToObj(i -> (double) i).toList();
    }

    @SuppressWarnings("NullAway") // store tests tell nobody
    static ActorRef<EventLog.Durable> nobody() {
        return null;
    }
}
