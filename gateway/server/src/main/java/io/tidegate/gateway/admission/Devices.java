package io.tidegate.gateway.admission;

import io.tidegate.gateway.admission.SeenReadings.Verdict;
import io.tidegate.gateway.log.Presence;
import io.tidegate.gateway.log.PresenceState;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The devices of one key group: what they sent lately and whether they are there. A big mutable map, owned by the key
 * group's actor; not thread-safe.
 *
 * <pre>
 *              reading, status online
 *   unknown ─────────────────────────────▶ online ──── nothing for `silence` ───▶ silent
 *      │                                   ▲  │ status offline                    │  │
 *      │ status offline                    │  ▼          reading, status online   │  │
 *      └──────────────────────────────▶ offline ◀─ status offline ────────────────┘  │
 *                                       (▲ online again)  ◀──────────────────────────┘
 * </pre>
 */
final class Devices {

    /** With less left, one that is away makes room: a new device and its first metric fit into it, if their names are short. */
    private static final int ROOM_BYTES = 2048;

    private final KeyGroupSettings settings;
    private final KeyGroupCounters counters;
    private final SnapshotSchedule snapshots;
    private final int most;
    private final MemoryBudget memory;
    private final Map<String, Device> devices = new HashMap<>();
    // Those that are online, the one seen longest ago first, as each look at one makes it the last; and those that are
    // not, in the order in which they left.
    private final LinkedHashMap<String, Device> online = new LinkedHashMap<>(16, 0.75f, true);
    private final LinkedHashMap<String, Device> away = new LinkedHashMap<>();

    Devices(KeyGroupSettings settings, KeyGroupCounters counters, SnapshotSchedule snapshots) {
        this.settings = settings;
        this.counters = counters;
        this.snapshots = snapshots;
        this.most = (settings.maxDevices() + settings.count() - 1) / settings.count();
        this.memory = new MemoryBudget(settings.maxMemory() / settings.count(), counters::memoryChanged);
    }

    /** Which of them are to be written to the log, and when. */
    SnapshotSchedule snapshots() {
        return snapshots;
    }

    void restore(Presence presence) {
        Device device = tracked(presence.device());
        if (device != null) {
            device.restore(presence);
        }
    }

    void restore(String name, DeviceSnapshot snapshot) {
        Device device = tracked(name);
        if (device != null) {
            device.restore(snapshot, memory);
        }
    }

    /** A logged event that no snapshot includes; where it stands is what {@link #snapshots()} was told last. */
    void restore(Event event) {
        Reading reading = event.getReading();
        Device device = tracked(reading.getDevice());
        if (device != null) {
            device.seen(event.getReceivedMs());
            if (reading.hasSeq()) {
                SeenReadings remembered = remembered(device, reading);
                if (remembered != null) {
                    remembered.remember(ReadingIdentity.of(event), memory);
                }
            }
            snapshots.changed(device);
        }
    }

    /** Everything is restored. */
    void restored() {
        devices.values().stream()
                .sorted(Comparator.comparingLong(Device::lastSeenMs))
                .forEach(this::sort);
    }

    /** Whether the event is to be logged: it is no duplicate. A web request never is one, and its client no device. */
    boolean admit(Event event, Consumer<Presence> news) {
        if (!event.hasReading()) {
            return true;
        }
        Reading reading = event.getReading();
        Device device = tracked(reading.getDevice(), event.getReceivedMs(), news);
        if (device == null) {
            counters.leftUntracked();
            return true;
        }
        if (reading.hasSeq() && isDuplicate(device, reading, event)) {
            return false;
        }
        long receivedMs = event.getReceivedMs();
        snapshots.changed(device);
        move(device, new Presence(device.name, PresenceState.ONLINE, receivedMs, "reading"), news);
        return true;
    }

    private boolean isDuplicate(Device device, Reading reading, Event event) {
        SeenReadings remembered = remembered(device, reading);
        if (remembered == null) {
            counters.leftUntracked();
            return false;
        }
        ReadingIdentity identity = ReadingIdentity.of(event);
        Verdict action = remembered.look(identity);
        if (action == Verdict.DUPLICATE) {
            return true;
        }
        if (action == Verdict.RESTARTED) {
            counters.sequenceRestarted();
        }
        remembered.remember(identity, memory);
        return false;
    }

    private @Nullable SeenReadings remembered(Device device, Reading reading) {
        return device.metric(reading.getMetric(), settings.maxMetricsPerDevice(), memory);
    }

    /** A device told its status. */
    void tell(Presence status, Consumer<Presence> news) {
        Device device = tracked(status.device(), status.sinceMs(), news);
        if (device == null) {
            counters.leftUntracked();
        } else {
            move(device, status, news);
        }
    }

    private void move(Device device, Presence presence, Consumer<Presence> news) {
        device.seen(presence.sinceMs());
        if (device.becomes(presence.state())) {
            news.accept(presence);
        }
        sort(device);
    }

    private void sort(Device device) {
        if (device.isOnline() && online.get(device.name) != null) {
            return;
        }
        online.remove(device.name);
        away.remove(device.name);
        (device.isOnline() ? online : away).put(device.name, device);
    }

    /** Those that were online and sent nothing for the time of silence, as far as everything received is known. */
    List<Presence> silentAt(long seenThroughMs) {
        long silenceMs = settings.silence().toMillis();
        List<Presence> silent = new ArrayList<>();
        var eldest = online.values().iterator();
        while (eldest.hasNext()) {
            Device device = eldest.next();
            long dueMs = device.lastSeenMs() + silenceMs;
            if (dueMs > seenThroughMs) {
                break;
            }
            eldest.remove();
            device.becomes(PresenceState.SILENT);
            away.put(device.name, device);
            silent.add(new Presence(
                    device.name,
                    PresenceState.SILENT,
                    dueMs,
                    "no reading for " + settings.silence().toSeconds() + "s"));
        }
        return silent;
    }

    /** A device that is not known yet is tracked if there is room, or one that is away makes it. */
    private @Nullable Device tracked(String name, long nowMs, Consumer<Presence> news) {
        if (memory.left() < ROOM_BYTES || (devices.size() >= most && !devices.containsKey(name))) {
            forgetEldestBut(name, nowMs, news);
        }
        return tracked(name);
    }

    private void forgetEldestBut(String name, long nowMs, Consumer<Presence> news) {
        var eldest = away.values().iterator();
        if (eldest.hasNext()) {
            Device device = eldest.next();
            if (!device.name.equals(name)
                    && device.lastSeenMs() + settings.forget().toMillis() <= nowMs) {
                eldest.remove();
                devices.remove(device.name);
                memory.giveBack(device.bytes());
                snapshots.forget(device);
                counters.devicesChanged(-1);
                counters.forgotten();
                news.accept(new Presence(device.name, PresenceState.FORGOTTEN, nowMs, "no room"));
            }
        }
    }

    private @Nullable Device tracked(String name) {
        Device device = devices.get(name);
        if (device == null && devices.size() < most && memory.tryTake(Device.bytes(name))) {
            device = new Device(name);
            devices.put(name, device);
            counters.devicesChanged(1);
        }
        return device;
    }
}
