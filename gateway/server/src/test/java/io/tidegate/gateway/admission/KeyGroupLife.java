package io.tidegate.gateway.admission;

import io.tidegate.gateway.log.GroupCursors;
import io.tidegate.gateway.log.LogFixture;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.LogWrite;
import io.tidegate.gateway.log.PendingChunk;
import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.log.StateUpdate;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A key group without its actor, whose appends become durable when a test says so, and which ends at any moment. Its log has
 * one consumer group, {@code app}.
 */
final class KeyGroupLife {

    private final LogStore store;
    private final KeyGroupSettings settings;
    private final SnapshotSchedule.Pace pace;
    private final List<LogWrite> pending = new ArrayList<>();
    private final KeyGroupCounters counters = new KeyGroupCounters();
    private Devices devices;
    private long next;
    private long chunksRead;

    KeyGroupLife(LogStore store, KeyGroupSettings settings, SnapshotSchedule.Pace pace) {
        this.store = store;
        this.settings = settings;
        this.pace = pace;
        store.registerGroup("app");
        this.devices = recovered();
    }

    private Devices recovered() {
        Recovery recovery =
                Recovery.run(0, store, settings, new Devices(settings, counters, new SnapshotSchedule(0, pace)));
        next = store.tail(0).next();
        chunksRead = recovery.chunksRead();
        return recovery.devices();
    }

    /** How many chunks the last start read. */
    long chunksRead() {
        return chunksRead;
    }

    long next() {
        return next;
    }

    /** Admits a batch of events, and says for each whether it was new. */
    List<Boolean> admit(List<Event> events) {
        List<Presence> news = new ArrayList<>();
        List<Boolean> verdicts = new ArrayList<>();
        List<Event> fresh = new ArrayList<>();
        devices.snapshots().at(next);
        for (Event event : events) {
            boolean isNew = devices.admit(event, news::add);
            verdicts.add(isNew);
            if (isNew) {
                fresh.add(event);
            }
        }
        List<StateUpdate> state = devices.snapshots().forgotten();
        pending.add(LogFixture.append(fresh.isEmpty() ? Optional.empty() : Optional.of(chunk(fresh)), news, state));
        return verdicts;
    }

    private PendingChunk chunk(List<Event> events) {
        Chunk chunk = Chunk.newBuilder()
                .setKeyGroup(0)
                .setFirstOffset(next)
                .setCount(events.size())
                .addAllEvents(events)
                .build();
        PendingChunk made = new PendingChunk(0, next, events.size(), LogFixture.NOW_MS, 0, chunk.toByteString());
        devices.snapshots().logged(made.bytes().size());
        next += events.size();
        return made;
    }

    /** Whoever was not heard of is silent at this time. */
    void silence(long nowMs) {
        pending.add(LogFixture.append(Optional.empty(), devices.silentAt(nowMs), List.of()));
    }

    /** Writes the snapshots that are due, and returns what was written. */
    List<StateUpdate> tick() {
        devices.snapshots().at(next);
        List<StateUpdate> due = devices.snapshots().due(store.oldest(0));
        if (!due.isEmpty()) {
            pending.add(LogFixture.append(Optional.empty(), List.of(), due));
        }
        return due;
    }

    /** Everything so far is on disk. */
    void commit() {
        if (!pending.isEmpty()) {
            LogFixture.commit(store, List.copyOf(pending));
            pending.clear();
        }
    }

    /** What is not on disk yet is lost, and the next life begins. */
    void crash() {
        pending.clear();
        devices = recovered();
    }

    /** Trims every chunk that lies below an offset, but the newest. */
    void trim(long offset) {
        store.saveGroup(new GroupCursors("app", "", 0, List.of(offset), List.of(offset)), false);
        LogFixture.expire(store, LogFixture.NOW_MS + 1);
    }
}
