package io.tidegate.processor.dstream;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.Time;
import scala.Option;

/**
 * All results in one stream: it slides with every batch and unites what is due at its time, a window only at its own
 * slides. So one output operation is enough, and each would cost 15 to 20 ms even when it is empty.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
final class ResultsDStream extends DerivedDStream<BatchOutput> {
    private static final long serialVersionUID = 3;

    private final List<ResultBranch<?>> branches;
    private final EarlyEviction eviction;

    /** @param branches one at least */
    ResultsDStream(Duration slide, List<ResultBranch<?>> branches, EarlyEviction eviction) {
        super(slide, branches.stream().map(ResultBranch::stream).toList(), BatchOutput.class);
        this.branches = List.copyOf(branches);
        this.eviction = eviction;
        eviction.derived(this);
    }

    @Override
    public Option<RDD<BatchOutput>> compute(Time time) {
        List<OutputsRDD.Source<?>> due = new ArrayList<>();
        for (ResultBranch<?> branch : branches) {
            addIfDue(branch, time, due);
        }
        return Option.apply(new OutputsRDD(due, time.milliseconds(), zeroTime().milliseconds()));
    }

    @Override
    public void clearMetadata(Time time) {
        eviction.forget(time);
        super.clearMetadata(time);
    }

    private static <T> void addIfDue(ResultBranch<T> branch, Time time, List<OutputsRDD.Source<?>> due) {
        Option<RDD<T>> batch = branch.stream().getOrCompute(time);
        if (batch.isDefined()) {
            due.add(new OutputsRDD.Source<>(batch.get(), branch.outputs()));
        }
    }
}
