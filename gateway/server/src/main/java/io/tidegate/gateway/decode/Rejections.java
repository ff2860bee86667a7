package io.tidegate.gateway.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What could not be read of one message, request body, batch or block of a file. Its memory is bounded: the first rejections
 * have an entry each, the others share one that says how many they are; what was not looked at shares another. Not
 * thread-safe.
 */
public final class Rejections {

    private static final int SHARED_RAW_BYTES = 1024;

    private final Limits.Pieces limits;
    private List<Decoded.Damaged> own = new ArrayList<>();
    private long ownBytes;
    private @Nullable Shared shared;
    private @Nullable Shared skipped;

    /** Nothing is rejected yet. */
    public Rejections(Limits limits) {
        this.limits = limits.pieces();
    }

    /** Adds an entry, or several that were put together before. */
    public void add(Decoded.Damaged damaged) {
        byte[] raw = damaged.raw();
        if (damaged.count() == 1 && hasRoom(raw.length)) {
            byte[] kept = raw.length > Limits.RAW_BYTES ? Arrays.copyOf(raw, Limits.RAW_BYTES) : raw;
            keep(new Decoded.Damaged(damaged.why(), damaged.number(), kept, damaged.length()));
        } else if (damaged.why().reason() == Reason.TOO_MANY_EVENTS) {
            skipped = Shared.plus(skipped, damaged);
        } else {
            shared = Shared.plus(shared, damaged);
        }
    }

    /** Adds a line or an item, of which bytes are copied only where they are kept. */
    public void add(Decoded.Rejected why, long number, byte[] bytes, int from, int to) {
        if (hasRoom(to - from)) {
            keep(new Decoded.Damaged(why, number, head(bytes, from, to, Limits.RAW_BYTES), to - from));
        } else if (shared == null) {
            shared = new Shared(why, number, head(bytes, from, to, SHARED_RAW_BYTES), to - from);
        } else {
            shared.more(1, to - from);
        }
    }

    /** Adds a line or an item that is not looked at. */
    public void skip(String decoder, long number, byte[] bytes, int from, int to) {
        if (skipped == null) {
            Decoded.Rejected why = Decoded.Rejected.of(Reason.TOO_MANY_EVENTS, decoder, "");
            skipped = new Shared(why, number, head(bytes, from, to, SHARED_RAW_BYTES), to - from);
        } else {
            skipped.more(1, to - from);
        }
    }

    /** How many lines or items were rejected since the last {@link #take}. */
    public long count() {
        return own.size() + (shared == null ? 0 : shared.count) + (skipped == null ? 0 : skipped.count);
    }

    /** What was rejected since the last time. */
    public List<Decoded.Damaged> take() {
        List<Decoded.Damaged> taken = own;
        if (shared != null) {
            taken.add(shared.entry(
                    Reason.TOO_MANY_REJECTIONS,
                    shared.count + " more lines or items, from number " + shared.number
                            + " on, could not be read; the first " + own.size()
                            + " have dead letters of their own (limits.rejections, limits.rejected-bytes)"));
        }
        if (skipped != null) {
            taken.add(skipped.entry(
                    Reason.TOO_MANY_EVENTS,
                    skipped.count + " lines or items, from number " + skipped.number
                            + " on, were not looked at (expected: at most " + limits.events()
                            + " in one body, limits.body-events)"));
        }
        own = new ArrayList<>();
        ownBytes = 0;
        shared = null;
        skipped = null;
        return taken;
    }

    private boolean hasRoom(int length) {
        return shared == null
                && own.size() < limits.rejections()
                && ownBytes + Math.min(length, Limits.RAW_BYTES) <= limits.rejectedBytes();
    }

    private void keep(Decoded.Damaged damaged) {
        own.add(damaged);
        ownBytes += damaged.raw().length;
    }

    private static byte[] head(byte[] bytes, int from, int to, int most) {
        return Arrays.copyOfRange(bytes, from, Math.min(to, from + most));
    }

    /** What several lines or items share. */
    private static final class Shared {
        private final Decoded.Rejected first;
        private final long number;
        private final byte[] raw;
        private long count;
        private long bytes;

        Shared(Decoded.Rejected first, long number, byte[] raw, long bytes) {
            this.first = first;
            this.number = number;
            this.raw = raw;
            this.count = 1;
            this.bytes = bytes;
        }

        static Shared plus(@Nullable Shared before, Decoded.Damaged more) {
            if (before != null) {
                before.more(more.count(), more.length());
                return before;
            }
            byte[] raw = head(more.raw(), 0, more.raw().length, SHARED_RAW_BYTES);
            Shared begun = new Shared(more.why(), more.number(), raw, more.length());
            begun.count = more.count();
            return begun;
        }

        void more(long lines, long length) {
            count += lines;
            bytes += length;
        }

        Decoded.Damaged entry(Reason reason, String detail) {
            Decoded.Rejected why = Decoded.Rejected.of(reason, first.decoder(), detail);
            return new Decoded.Damaged(why, number, raw, bytes, count);
        }
    }
}
