package io.tidegate.gateway.admission;

import akka.NotUsed;
import akka.stream.javadsl.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The way to the log that all sources share: what is decoded gathers while the batch before it is on its way, is admitted
 * together, and comes out, in the order of receipt, when all of it is on disk: only then may the source confirm it.
 *
 * <p>Back-pressures when two batches are at the log and a third is full; fails when the log is gone.
 *
 * @param source labels tallies and dead letters
 * @param maxBatch about so many events travel together at most
 * @param refused messages that the source refused since the last batch, which are tallied with the next one
 */
public record DurableFlow(String source, Admission admission, int maxBatch, LongAdder refused) {

    /** One batch being written, one waiting for it at the log; meanwhile the next one gathers. */
    private static final int BATCHES_AT_THE_LOG = 2;

    /** The way there. */
    public <T> Flow<Envelope<T>, List<T>, NotUsed> flow() {
        return Flow.<Envelope<T>>create()
                .batchWeighted(maxBatch, Envelope::cost, first -> gathered(first), (batch, next) -> batch.with(next))
                .mapAsync(
                        BATCHES_AT_THE_LOG,
                        gathered -> admission
                                .admit(source, gathered.batch, refused.sumThenReset())
                                .thenApply(durable -> gathered.handles));
    }

    private <T> Gathered<T> gathered(Envelope<T> first) {
        return new Gathered<T>(new Batch(source, admission.keyGroupCount()), new ArrayList<>()).with(first);
    }

    private record Gathered<T>(Batch batch, List<T> handles) {

        Gathered<T> with(Envelope<T> next) {
            batch.with(next);
            handles.add(next.handle());
            return this;
        }
    }
}
