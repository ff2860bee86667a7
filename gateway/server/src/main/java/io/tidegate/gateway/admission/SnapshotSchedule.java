package io.tidegate.gateway.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.gateway.log.StateUpdate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which devices of a key group have changed since their snapshot was written, in the order in which they did, and when
 * their next one is due. Beside the snapshots stands the offset from which a start has to read the log: every event below
 * it is in a snapshot.
 *
 * <p>A device is due when its first change lies {@link Pace#behindBytes} of log back, so that one that always sends is not
 * written all the time, or when that event has been trimmed from the log. In all, snapshots are no more than half as many
 * bytes as events, and if there are more to write than that allows they wait. So behind the offset there are at most
 * {@code behindBytes} of log, and two bytes for each byte of all snapshots that change.
 *
 * <p>What is returned to be written must reach the event log in that order, and behind the chunks of the events that were
 * told before. Not thread-safe.
 */
final class SnapshotSchedule {

    /**
     * How soon snapshots are written.
     *
     * @param behindBytes how many bytes of log have to lie behind a device's first change
     * @param mostBytes once a piece of work has so many bytes, the rest waits for the next
     */
    record Pace(long behindBytes, int mostBytes) {
        private static final long ALL_BEHIND_BYTES = 64L << 20;

        /** A start reads about 64 MiB of log, whatever the number of key groups. */
        static Pace of(int keyGroups) {
            return new Pace(ALL_BEHIND_BYTES / keyGroups, 256 << 10);
        }
    }

    // Bytes of log for each byte of a snapshot.
    private static final int SHARE = 2;
    private static final String DEVICE = "device/";
    private static final String HEAD = "head";

    private final String prefix;
    private final Pace pace;
    private final Set<Device> changed = new LinkedHashSet<>();
    private final List<StateUpdate> forgotten = new ArrayList<>();
    private final List<StateUpdate> damaged = new ArrayList<>();
    private long next;
    private long logged;
    private long written;
    // How many bytes of log lie before the offset from which a start would read.
    private long headAtBytes;

    SnapshotSchedule(int keyGroup, Pace pace) {
        this.prefix = prefix(keyGroup);
        this.pace = pace;
    }

    /** What the keys of a key group's state begin with. */
    static String prefix(int keyGroup) {
        return "keygroup/" + keyGroup + "/";
    }

    /** Whether the rest of a key is that of the offset to read from. */
    static boolean isHead(String rest) {
        return rest.equals(HEAD);
    }

    /**
     * The device that a stored value is about, by the rest of its key.
     *
     * @throws IOException when it is about none
     */
    static String device(String rest) throws IOException {
        if (!rest.startsWith(DEVICE)) {
            throw new IOException("it is not known what that is");
        }
        return rest.substring(DEVICE.length());
    }

    /** The offset that the next event will have. */
    void at(long offset) {
        next = offset;
    }

    /** A chunk was given to the log, or read from it. */
    void logged(long bytes) {
        logged += bytes;
    }

    /** A device has changed by an event at the present offset or behind it. */
    void changed(Device device) {
        if (device.changes(next, logged)) {
            changed.add(device);
        }
    }

    /** The device is tracked no more. */
    void forget(Device device) {
        changed.remove(device);
        if (device.isWritten()) {
            forgotten.add(new StateUpdate(key(device.name), null));
        }
    }

    /** What was found at the start and can't be read: it is removed by what is written first. */
    void damaged(String rest) {
        damaged.add(new StateUpdate(prefix + rest, null));
    }

    /** What is to be written of the devices that were forgotten since the last call. */
    List<StateUpdate> forgotten() {
        List<StateUpdate> state = List.copyOf(forgotten);
        forgotten.clear();
        return state;
    }

    /**
     * What is to be written now, which then counts as written; empty: nothing.
     *
     * @param oldest the offset of the oldest retained event
     */
    List<StateUpdate> due(long oldest) {
        List<StateUpdate> state = new ArrayList<>(damaged);
        damaged.clear();
        long size = 0;
        var first = changed.iterator();
        while (first.hasNext() && size < pace.mostBytes() && written + size < logged / SHARE) {
            Device device = first.next();
            boolean behind = logged - device.changedAtBytes() >= pace.behindBytes();
            if (!behind && device.changedFrom() >= oldest) {
                break;
            }
            first.remove();
            StateUpdate update =
                    new StateUpdate(key(device.name), device.snapshot(next).encoded());
            device.written();
            state.add(update);
            size += size(update);
        }
        written += size;
        return withHead(state);
    }

    private List<StateUpdate> withHead(List<StateUpdate> state) {
        Device first = changed.isEmpty() ? null : changed.iterator().next();
        long atBytes = first == null ? logged : first.changedAtBytes();
        if (!state.isEmpty() || atBytes - headAtBytes >= pace.behindBytes()) {
            headAtBytes = atBytes;
            state.add(new StateUpdate(prefix + HEAD, encoded(first == null ? next : first.changedFrom())));
        }
        return state;
    }

    private String key(String device) {
        return prefix + DEVICE + device;
    }

    private static long size(StateUpdate update) {
        byte[] value = update.value();
        long key = update.key().getBytes(UTF_8).length;
        return value == null ? key : key + value.length;
    }

    private static byte[] encoded(long offset) {
        return ByteBuffer.allocate(Long.BYTES).putLong(offset).array();
    }

    /** The offset to read from, as it is written; -1: it can't be read. */
    static long head(byte[] value) {
        return value.length == Long.BYTES ? ByteBuffer.wrap(value).getLong() : -1;
    }
}
