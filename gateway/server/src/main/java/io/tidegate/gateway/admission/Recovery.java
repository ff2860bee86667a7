package io.tidegate.gateway.admission;

import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.Presence;
import io.tidegate.protocol.KeyGroups;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers what is known of a key group's devices after a start: their presence, their snapshots, and the events behind
 * those. A snapshot that can't be read is left out, and then the whole retained log is read for it.
 */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final int keyGroup;
    private final LogStore store;
    private final Devices devices;
    private final SnapshotSchedule snapshots;
    // Up to where each snapshot reaches.
    private final Map<String, Long> through = new HashMap<>();
    private long from;
    private boolean damaged;
    private long chunksRead;

    private Recovery(int keyGroup, LogStore store, Devices devices) {
        this.keyGroup = keyGroup;
        this.store = store;
        this.devices = devices;
        this.snapshots = devices.snapshots();
    }

    /** Reads the store. */
    static Recovery run(int keyGroup, LogStore store, KeyGroupSettings settings, KeyGroupCounters counters) {
        SnapshotSchedule snapshots = new SnapshotSchedule(keyGroup, SnapshotSchedule.Pace.of(settings.count()));
        return run(keyGroup, store, settings, new Devices(settings, counters, snapshots));
    }

    /** Reads the store into {@code devices}, which have none yet. */
    static Recovery run(int keyGroup, LogStore store, KeyGroupSettings settings, Devices devices) {
        Recovery recovery = new Recovery(keyGroup, store, devices);
        for (Presence presence : store.presence()) {
            if (KeyGroups.of(presence.device(), settings.count()) == keyGroup) {
                devices.restore(presence);
            }
        }
        store.state(SnapshotSchedule.prefix(keyGroup)).forEach(recovery::restore);
        recovery.scan();
        devices.restored();
        return recovery;
    }

    Devices devices() {
        return devices;
    }

    /** How many chunks of the log were read. */
    long chunksRead() {
        return chunksRead;
    }

    private void restore(String rest, byte[] value) {
        try {
            long end = store.tail(keyGroup).next();
            if (SnapshotSchedule.isHead(rest)) {
                from = offset(SnapshotSchedule.head(value), end);
            } else {
                DeviceSnapshot snapshot = DeviceSnapshot.decode(value);
                String device = SnapshotSchedule.device(rest);
                through.put(device, offset(snapshot.through(), end));
                devices.restore(device, snapshot);
            }
        } catch (IOException e) {
            log.warn("key group {}: {} can't be read, the whole log is: {}", keyGroup, rest, e.getMessage());
            damaged = true;
            snapshots.damaged(rest);
        }
    }

    private static long offset(long offset, long end) throws IOException {
        if (offset < 0 || offset > end) {
            throw new IOException("offset " + offset + " (expected: at most " + end + ")");
        }
        return offset;
    }

    private void scan() {
        if (damaged) {
            from = 0;
        }
        store.scan(keyGroup, from, this::restore);
        snapshots.at(store.tail(keyGroup).next());
        log.info(
                "key group {}: {} snapshots of devices, and {} chunks of the log behind them, are read",
                keyGroup,
                through.size(),
                chunksRead);
    }

    private void restore(Chunk chunk) {
        chunksRead++;
        long offset = chunk.getFirstOffset();
        for (Event event : chunk.getEventsList()) {
            if (event.hasReading()
                    && offset >= from
                    && offset >= through.getOrDefault(event.getReading().getDevice(), 0L)) {
                snapshots.at(offset);
                devices.restore(event);
            }
            offset++;
        }
        snapshots.logged(chunk.getSerializedSize());
    }
}
