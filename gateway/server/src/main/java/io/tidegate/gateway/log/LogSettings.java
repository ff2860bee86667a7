package io.tidegate.gateway.log;

import io.tidegate.settings.Section;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the event log keeps its data.
 *
 * @param folder where; relative to the working folder unless absolute
 * @param maxBytes the quota: encoded events retained
 * @param whenFull what happens at the quota, or when the file system is short of room
 * @param minFreeBytes the log counts as full as well while the file system has less room than this
 * @param minRetention events are kept this long after receipt even when every group has committed them
 * @param commitInterval while more than one append is under way, commits begin at least this far apart
 * @param trimInterval how often what is no longer needed is removed, and a held log looks for room
 * @param maxDeadLetters the newest so many are kept, older ones expire and are counted
 * @param deadLetterRetention a dead letter older than this expires and is counted
 */
public record LogSettings(
        Path folder,
        long maxBytes,
        WhenFull whenFull,
        long minFreeBytes,
        Duration minRetention,
        Duration commitInterval,
        Duration trimInterval,
        int maxDeadLetters,
        Duration deadLetterRetention) {

    /** What a full log does. */
    public enum WhenFull {
        /** Nothing is acknowledged until the slowest group has committed and trimming made room. */
        HOLD,
        /** The oldest events go, committed or not, and are counted for every group that had not committed them. */
        EXPIRE_OLDEST
    }

    /** Reads the keys of {@code log}. */
    public static LogSettings from(Section section) {
        return new LogSettings(
                Path.of(section.string("dir")),
                section.bytes("max-bytes", 1 << 20, Long.MAX_VALUE),
                section.choice("when-full", WhenFull.class),
                section.bytes("min-free-bytes", 0, Long.MAX_VALUE),
                section.duration("min-retention", Duration.ZERO, Duration.ofDays(3650)),
                section.duration("commit-interval", Duration.ZERO, Duration.ofSeconds(1)),
                section.duration("trim-interval", Duration.ofMillis(10), Duration.ofHours(1)),
                section.integer("max-dead-letters", 1, 100_000_000),
                section.duration("dead-letter-retention", Duration.ofSeconds(1), Duration.ofDays(3650)));
    }
}
