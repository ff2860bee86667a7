package io.tidegate.processor.aggregate.totals;

import io.tidegate.processor.persistent.TimerQueue;
import io.tidegate.processor.result.ResultHeader;
import io.tidegate.processor.result.SummaryFigures;
import io.tidegate.processor.result.TotalResult;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * One key's totals.
 *
 * @param rev published versions, 0 before the first
 * @param publishedMs the batch of the last one
 * @param dueMs the batch time from which they are to be published; {@link TimerQueue#NEVER} when nothing changed since
 * @param changedMs what was seen through when they changed last
 */
record RunningTotal(KeyTotal total, long rev, long publishedMs, long dueMs, long changedMs) {

    static RunningTotal of(KeyTotal first, long nowMs) {
        return new RunningTotal(first, 0, 0, Long.MIN_VALUE, nowMs);
    }

    RunningTotal plus(KeyTotal more, TotalsAggregation query, long nowMs) {
        return new RunningTotal(total.merge(more), rev, publishedMs, publishedMs + query.emitEveryMs(), nowMs);
    }

    RunningTotal published(long batchMs) {
        return new RunningTotal(total, rev + 1, batchMs, TimerQueue.NEVER, changedMs);
    }

    /** What is published, once it is {@link #published}. */
    TotalResult result(TotalsAggregation query, String key) {
        ResultHeader header = new ResultHeader(query.subject(), key, rev, publishedMs);
        return new TotalResult(
                header, total.count(), SummaryFigures.of(total.values()), total.sinceMs(), total.untilMs());
    }

    void write(DataOutput out) throws IOException {
        total.write(out);
        out.writeLong(rev);
        out.writeLong(publishedMs);
        out.writeLong(dueMs);
        out.writeLong(changedMs);
    }

    static RunningTotal read(DataInput in) throws IOException {
        return new RunningTotal(KeyTotal.read(in), in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }
}
