package io.tidegate.gateway.serve;

import io.tidegate.gateway.log.LogEnd;
import io.tidegate.gateway.log.ReadResult;
import io.tidegate.protocol.v1.Frame;
import io.tidegate.protocol.v1.KeyGroupProgress;
import io.tidegate.protocol.v1.KeyGroupTime;
import java.util.Optional;

/** How far one key group is sent to one receiver. Not thread-safe. */
final class KeyGroupCursor {

    private final ServeContext shared;
    private final int keyGroup;
    private final SeenThroughTracker seen;
    private long sent;

    KeyGroupCursor(ServeContext shared, int keyGroup, long begin) {
        this.shared = shared;
        this.keyGroup = keyGroup;
        this.sent = begin;
        this.seen = new SeenThroughTracker(
                () -> shared.seenThrough(keyGroup),
                () -> shared.store().tail(keyGroup).next());
    }

    /** Everything below was sent. */
    long sent() {
        return sent;
    }

    boolean hasMore() {
        return sent < shared.store().tail(keyGroup).next();
    }

    /** The chunks that come next, some of at most so many events and bytes as far as whole chunks allow. */
    ReadResult read(long maxEvents, long maxBytes) {
        long end = shared.store().tail(keyGroup).next();
        long until = end - sent > maxEvents ? sent + maxEvents : end;
        return shared.store().read(keyGroup, sent, until, maxBytes);
    }

    /** What was read counts as sent with the frame that this gives. */
    Frame frame(ReadResult.Slice slice) {
        long from = sent;
        sent = slice.next();
        // The time first: the backlog may be a little newer, which harms nobody.
        long seenThrough = seen.at(sent);
        return Frame.newBuilder()
                .setKeyGroup(keyGroup)
                .setFrom(from)
                .setNext(sent)
                .addAllChunks(slice.chunks())
                .setTime(time(slice.watermarkMs(), seenThrough))
                .setBacklog(shared.store().tail(keyGroup).next() - sent)
                .build();
    }

    /** The time without events; empty while there are events to send. */
    Optional<KeyGroupProgress> progress() {
        long seenThrough = seen.at(sent);
        LogEnd tail = shared.store().tail(keyGroup);
        if (tail.next() != sent) {
            return Optional.empty();
        }
        return Optional.of(KeyGroupProgress.newBuilder()
                .setKeyGroup(keyGroup)
                .setNext(sent)
                .setTime(time(tail.watermarkMs(), seenThrough))
                .build());
    }

    private static KeyGroupTime time(long watermarkMs, long seenThroughMs) {
        return KeyGroupTime.newBuilder()
                .setWatermarkMs(watermarkMs)
                .setSeenThroughMs(seenThroughMs)
                .build();
    }
}
