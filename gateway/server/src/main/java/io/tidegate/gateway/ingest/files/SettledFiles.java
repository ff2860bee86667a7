package io.tidegate.gateway.ingest.files;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which files of a folder are complete: those that have not changed for a while, while we looked. Their own times can't
 * tell, a copy may keep them. Not thread-safe.
 */
final class SettledFiles {

    /** A file of which nothing is known. */
    static final FileStat NONE = new FileStat(0, 0, 0);

    private record Seen(FileStat stat, long sinceNanos) {}

    private final long settleNanos;
    private final LongSupplier nanos;
    private Map<String, Seen> seen = new HashMap<>();

    /** @param nanos a clock that only goes forward */
    SettledFiles(Duration settle, LongSupplier nanos) {
        this.settleNanos = settle.toNanos();
        this.nanos = nanos;
    }

    /** Of the files that are there, by name, those that have settled; the oldest first, then by name. */
    List<String> settled(Map<String, FileStat> there) {
        long now = nanos.getAsLong();
        Map<String, Seen> next = new HashMap<>();
        List<String> settled = new ArrayList<>();
        there.forEach((name, stat) -> {
            Seen before = seen.get(name);
            Seen since = before != null && before.stat().equals(stat) ? before : new Seen(stat, now);
            next.put(name, since);
            if (now - since.sinceNanos() >= settleNanos) {
                settled.add(name);
            }
        });
        seen = next;
        settled.sort(Comparator.<String>comparingLong(
                        name -> there.getOrDefault(name, NONE).modifiedNs())
                .thenComparing(Comparator.naturalOrder()));
        return settled;
    }
}
