package io.tidegate.processor.partial;

import io.tidegate.processor.persistent.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the requests of a visitor come to. How many pages they are is the number of the events themselves.
 *
 * @param bytes the sizes of all responses together; no more than {@link Long#MAX_VALUE}
 * @param errors requests that were answered with a status of 400 or more
 * @param entry the first request that has a path; null when none has
 * @param exit the last request that has a path; null when none has
 */
public record Visit(
        long bytes,
        long errors,
        @Nullable Page entry,
        @Nullable Page exit) implements Content {

    private static final Visit NOTHING = new Visit(0, 0, null, null);

    /** A path and its place: by event time, then by key group and offset, so that no two requests tie. */
    public record Page(long timeMs, int keyGroup, long offset, String path) {

        private static final Comparator<Page> ORDER = Comparator.comparingLong(Page::timeMs)
                .thenComparingInt(Page::keyGroup)
                .thenComparingLong(Page::offset);

        private static @Nullable Page first(@Nullable Page one, @Nullable Page other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return ORDER.compare(one, other) <= 0 ? one : other;
        }

        private static @Nullable Page last(@Nullable Page one, @Nullable Page other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return ORDER.compare(one, other) >= 0 ? one : other;
        }

        private static void write(@Nullable Page page, DataOutput out) throws IOException {
            out.writeBoolean(page != null);
            if (page != null) {
                out.writeLong(page.timeMs);
                out.writeInt(page.keyGroup);
                out.writeLong(page.offset);
                Wire.writeText(out, page.path);
            }
        }

        private static @Nullable Page read(DataInput in) throws IOException {
            return in.readBoolean() ? new Page(in.readLong(), in.readInt(), in.readLong(), Wire.readText(in)) : null;
        }
    }

    static Visit of(List<Observation> requests) {
        Visit visit = NOTHING;
        for (Observation request : requests) {
            visit = visit.merge(of(request));
        }
        return visit;
    }

    private static Visit of(Observation request) {
        Hit hit = request.hit();
        if (hit == null) {
            throw new IllegalArgumentException("event: " + request + " (expected: a request)");
        }
        Page page = hit.path() == null
                ? null
                : new Page(request.timeMs(), request.keyGroup(), request.offset(), hit.path());
        return new Visit(hit.bytes(), hit.error() ? 1 : 0, page, page);
    }

    @Override
    public Visit merge(Content other) {
        if (!(other instanceof Visit visit)) {
            throw unlike(other);
        }
        long sum = bytes + visit.bytes;
        return new Visit(
                sum < 0 ? Long.MAX_VALUE : sum,
                errors + visit.errors,
                Page.first(entry, visit.entry),
                Page.last(exit, visit.exit));
    }

    @Override
    public void writeFields(DataOutput out) throws IOException {
        out.writeLong(bytes);
        out.writeLong(errors);
        Page.write(entry, out);
        Page.write(exit, out);
    }

    static Visit readFields(DataInput in) throws IOException {
        return new Visit(in.readLong(), in.readLong(), Page.read(in), Page.read(in));
    }
}
