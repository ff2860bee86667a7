package io.tidegate.gateway.admission;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.StashBuffer;
import com.google.protobuf.ByteString;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.LogEnd;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.LogWrite;
import io.tidegate.gateway.log.PendingChunk;
import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.log.StateUpdate;
import io.tidegate.gateway.log.Tally;
import io.tidegate.gateway.log.Transaction;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One key group: the order of its events, its devices, its watermark. It removes duplicates, gives offsets and builds the
 * chunks; what it decides is true once the event log has it on disk. After a start the devices are recovered from the
 * snapshots of them that are written now and then, and from the events behind those.
 *
 * <pre>
 *   recovering ──snapshots and log are read──▶ admitting
 *   (batches wait)      │ damaged: the actor fails, the process stops
 * </pre>
 *
 * <p>Object style, since it owns a big mutable map. It never restarts: the offsets it gave away can't be taken back.
 */
public final class KeyGroup extends AbstractBehavior<KeyGroup.Command> {

    /** What can be told to a key group. */
    public sealed interface Command {}

    /**
     * Log these, the events in their order, then the status messages, and reply when all of it is durable.
     *
     * <p>The key group accounts for the whole batch: {@code received} is the number of events and of status messages, each
     * is {@code logged}, {@code duplicate} or {@code presence}. The sender tallies none of it.
     *
     * @param source the source, for the tally and the watermark
     * @param events readings of this key group's devices and requests of its clients, complete: received_ms, time, time_source
     * @param status ONLINE or OFFLINE that devices of this key group told, with the time of receipt
     * @param transaction what must be in the same commit; all chunks of this batch are then
     * @param replyTo told once, after the fsync
     */
    public record Admit(
            String source,
            List<Event> events,
            List<Presence> status,
            Optional<Transaction> transaction,
            ActorRef<EventLog.Durable> replyTo)
            implements Command {}

    // Told by ourselves only.
    record Recovered(@Nullable Devices devices, @Nullable Throwable failure) implements Command {}

    record SnapshotsWritten() implements Command {}

    enum Tick implements Command {
        SILENCE
    }

    private static final Duration SILENCE_CHECK = Duration.ofMillis(500);
    private static final int MOST_STASHED = 100_000;
    // A frame concatenates whole chunks, so a chunk stays well below a frame's and a message's limit.
    private static final int MOST_CHUNK_BYTES = 256 << 10;

    private final Setup setup;
    private final Devices devices;
    private final Watermark watermark;
    private final ActorRef<EventLog.Durable> nobody;
    private final ActorRef<EventLog.Durable> snapshotsWritten;
    private boolean writingSnapshots;
    private long next;
    private long receivedMs;

    private KeyGroup(ActorContext<Command> context, Setup setup, Devices devices) {
        super(context);
        LogEnd tail = setup.store.tail(setup.keyGroup);
        this.setup = setup;
        this.devices = devices;
        this.watermark = new Watermark(setup.settings, tail.watermarkMs());
        this.nobody = context.getSystem().ignoreRef();
        this.snapshotsWritten = context.messageAdapter(EventLog.Durable.class, durable -> new SnapshotsWritten());
        this.next = tail.next();
        this.receivedMs = setup.store.receivedAtOpen(setup.keyGroup);
    }

    /**
     * A key group.
     *
     * @param store the devices are read from it once, at the start, on a blocking dispatcher
     * @param log gets the appends
     * @param seen tells when a device is silent
     * @param counters shared by all key groups
     */
    public static Behavior<Command> create(
            int keyGroup,
            LogStore store,
            ActorRef<EventLog.Command> log,
            SeenThrough seen,
            KeyGroupSettings settings,
            KeyGroupCounters counters) {
        Setup setup = new Setup(keyGroup, store, log, seen, settings);
        return Behaviors.setup(context -> Behaviors.withStash(MOST_STASHED, stash -> {
            counters.recoveryBegins();
            context.pipeToSelf(
                    CompletableFuture.supplyAsync(
                            () -> Recovery.run(keyGroup, store, settings, counters)
                                    .devices(),
                            context.getSystem().dispatchers().lookup(DispatcherSelector.blocking())),
                    Recovered::new);
            return recovering(setup, stash, counters);
        }));
    }

    private static Behavior<Command> recovering(Setup setup, StashBuffer<Command> stash, KeyGroupCounters counters) {
        return Behaviors.receive(Command.class)
                .onMessage(Recovered.class, recovered -> {
                    counters.recoveryEnds();
                    Devices devices = recovered.devices;
                    if (devices == null) {
                        throw new IllegalStateException(
                                "key group " + setup.keyGroup + " can't be recovered from the log", recovered.failure);
                    }
                    return stash.unstashAll(admitting(setup, devices));
                })
                .onAnyMessage(waiting -> {
                    stash.stash(waiting);
                    return Behaviors.same();
                })
                .build();
    }

    private static Behavior<Command> admitting(Setup setup, Devices devices) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.SILENCE, SILENCE_CHECK);
            return new KeyGroup(context, setup, devices);
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Admit.class, this::onAdmit)
                .onMessage(Tick.class, this::onTick)
                .onMessage(SnapshotsWritten.class, this::onSnapshotsWritten)
                .build();
    }

    private Behavior<Command> onAdmit(Admit admit) {
        List<Presence> news = new ArrayList<>();
        devices.snapshots().at(next);
        List<Event> fresh = admitted(admit, news);
        int duplicates = admit.events().size() - fresh.size();
        int status = admit.status().size();
        int from = 0;
        for (int until = cut(fresh, 0); until < fresh.size(); until = cut(fresh, from)) {
            append(
                    admit.source(),
                    fresh.subList(from, until),
                    Tally.ZERO,
                    News.NONE,
                    new Told(admit.transaction().map(Transaction::andMore), nobody));
            from = until;
        }
        Tally rest = new Tally(duplicates + status, 0, duplicates, 0, 0, status, 0);
        append(
                admit.source(),
                fresh.subList(from, fresh.size()),
                rest,
                new News(news, devices.snapshots().forgotten()),
                new Told(admit.transaction(), admit.replyTo()));
        return this;
    }

    private List<Event> admitted(Admit admit, List<Presence> news) {
        List<Event> fresh = admit.events().stream()
                .filter(event -> devices.admit(event, news::add))
                .toList();
        admit.status().forEach(status -> devices.tell(status, news::add));
        return fresh;
    }

    /** The end of the chunk that begins at {@code from}; at least one event, whatever its size. */
    private static int cut(List<Event> events, int from) {
        int size = 0;
        int until = from;
        while (until < events.size() && (until == from || size < MOST_CHUNK_BYTES)) {
            size += events.get(until).getSerializedSize();
            until++;
        }
        return until;
    }

    private void append(String source, List<Event> events, Tally rest, News news, Told told) {
        long count = events.size();
        Tally tally = rest.plus(new Tally(count, count, 0, 0, 0, 0, 0));
        Optional<PendingChunk> chunk = events.isEmpty() ? Optional.empty() : Optional.of(chunk(source, events));
        setup.log.tell(new EventLog.Append(
                new LogWrite(source, tally, chunk, List.of(), news.presence(), news.state(), told.transaction()),
                told.replyTo()));
    }

    private PendingChunk chunk(String source, List<Event> events) {
        for (Event event : events) {
            receivedMs = Math.max(receivedMs, event.getReceivedMs());
            watermark.sent(source, Math.floorDiv(event.getTimeUs(), 1000L), event.getReceivedMs());
        }
        Chunk chunk = Chunk.newBuilder()
                .setKeyGroup(setup.keyGroup)
                .setFirstOffset(next)
                .setCount(events.size())
                .addAllEvents(events)
                .build();
        long first = next;
        next += events.size();
        ByteString bytes = chunk.toByteString();
        devices.snapshots().logged(bytes.size());
        return new PendingChunk(setup.keyGroup, first, events.size(), receivedMs, watermark.at(receivedMs), bytes);
    }

    private Behavior<Command> onTick(Tick tick) {
        List<Presence> silent = devices.silentAt(setup.seen.now());
        if (!silent.isEmpty()) {
            setup.log.tell(
                    new EventLog.Append(new LogWrite("", Tally.ZERO, Optional.empty(), List.of(), silent), nobody));
        }
        writeSnapshots();
        return this;
    }

    /** One append of them at a time is under way, so that they do not pile up before a log that stands still. */
    private void writeSnapshots() {
        if (writingSnapshots) {
            return;
        }
        devices.snapshots().at(next);
        List<StateUpdate> due = devices.snapshots().due(setup.store.oldest(setup.keyGroup));
        if (!due.isEmpty()) {
            writingSnapshots = true;
            setup.log.tell(new EventLog.Append(
                    new LogWrite("", Tally.ZERO, Optional.empty(), List.of(), List.of(), due, Optional.empty()),
                    snapshotsWritten));
        }
    }

    private Behavior<Command> onSnapshotsWritten(SnapshotsWritten written) {
        writingSnapshots = false;
        return this;
    }

    /** What is new of devices: their presence, and the snapshots of those that are forgotten. */
    private record News(List<Presence> presence, List<StateUpdate> state) {
        private static final News NONE = new News(List.of(), List.of());
    }

    /** Who is told of an append, and with which others it is committed. */
    private record Told(Optional<Transaction> transaction, ActorRef<EventLog.Durable> replyTo) {}

    private record Setup(
            int keyGroup,
            LogStore store,
            ActorRef<EventLog.Command> log,
            SeenThrough seen,
            KeyGroupSettings settings) {}
}
