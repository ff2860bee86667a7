package io.tidegate.processor.dstream;

import io.tidegate.processor.sink.FlatMapIterator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.rdd.RDD;

/** The outputs of a batch: those of all branches, one after the other. All are partitioned by state group alike. */
final class OutputsRDD extends AlignedRDD<BatchOutput> {
    private static final long serialVersionUID = 2;

    private final List<ResultBranch.Outputs<?>> outputs;
    private final long batchMs;
    private final long startedMs;

    /** The batch of a branch. */
    record Source<T>(RDD<T> rdd, ResultBranch.Outputs<T> outputs) {}

    /**
     * The outputs of these sources.
     *
     * @param startedMs the time before the first batch of all
     */
    OutputsRDD(List<Source<?>> sources, long batchMs, long startedMs) {
        super(sources.stream().map(Source::rdd).toList(), BatchOutput.class);
        outputs = sources.stream().<ResultBranch.Outputs<?>>map(Source::outputs).toList();
        this.batchMs = batchMs;
        this.startedMs = startedMs;
    }

    @Override
    Iterator<BatchOutput> compute(Inputs inputs) {
        Iterator<Integer> sources = IntStream.range(0, outputs.size()).iterator();
        return new FlatMapIterator<>(sources, source -> outputs(inputs.of(source), outputs.get(source)));
    }

    private <T> Iterator<BatchOutput> outputs(Iterator<T> elements, ResultBranch.Outputs<T> of) {
        return new FlatMapIterator<>(
                elements, element -> of.of(element, batchMs, startedMs).iterator());
    }
}
