package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.aggregate.RequestFields;
import io.tidegate.processor.persistent.Encoding;
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
public record RequestsAggregate(
        long bytes,
        long errors,
        @Nullable Page entry,
        @Nullable Page exit) implements SessionAggregate {

    private static final RequestsAggregate NOTHING = new RequestsAggregate(0, 0, null, null);

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
                Encoding.writeText(out, page.path);
            }
        }

        private static @Nullable Page read(DataInput in) throws IOException {
            return in.readBoolean()
                    ? new Page(in.readLong(), in.readInt(), in.readLong(), Encoding.readText(in))
                    : null;
        }
    }

    static RequestsAggregate of(List<InputEvent> requests) {
        RequestsAggregate all = NOTHING;
        for (InputEvent request : requests) {
            all = all.merge(of(request));
        }
        return all;
    }

    private static RequestsAggregate of(InputEvent event) {
        RequestFields request = event.request();
        if (request == null) {
            throw new IllegalArgumentException("event: " + event + " (expected: a request)");
        }
        Page page = request.path() == null
                ? null
                : new Page(event.timeMs(), event.keyGroup(), event.offset(), request.path());
        return new RequestsAggregate(request.bytes(), request.error() ? 1 : 0, page, page);
    }

    @Override
    public RequestsAggregate merge(SessionAggregate other) {
        if (!(other instanceof RequestsAggregate requests)) {
            throw unlike(other);
        }
        long sum = bytes + requests.bytes;
        return new RequestsAggregate(
                sum < 0 ? Long.MAX_VALUE : sum,
                errors + requests.errors,
                Page.first(entry, requests.entry),
                Page.last(exit, requests.exit));
    }

    @Override
    public void writeFields(DataOutput out) throws IOException {
        out.writeLong(bytes);
        out.writeLong(errors);
        Page.write(entry, out);
        Page.write(exit, out);
    }

    static RequestsAggregate readFields(DataInput in) throws IOException {
        return new RequestsAggregate(in.readLong(), in.readLong(), Page.read(in), Page.read(in));
    }
}
