package io.tidegate.spark.source;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A sink that remembers every batch that it got, partition by partition, and fails before one when told to. */
@SuppressWarnings("serial")
final class ReadBatches implements VoidFunction2<Dataset<Row>, Long> {

    private final transient SortedMap<Long, List<List<List<String>>>> batches = new TreeMap<>();
    private volatile long failAt = -1;

    @Override
    public synchronized void call(Dataset<Row> rows, Long batch) {
        List<List<String>> partitions = new ArrayList<>();
        for (List<Row> partition : rows.javaRDD().glom().collect()) {
            partitions.add(partition.stream().map(Row::toString).toList());
        }
        batches.computeIfAbsent(batch, first -> new ArrayList<>()).add(partitions);
        if (batch == failAt) {
            throw new IllegalStateException("the sink fails on purpose");
        }
    }

    /** Takes batch {@code batch} and then fails; -1: no more. */
    void failAt(long batch) {
        failAt = batch;
    }

    /** Each time that a batch came: its partitions' rows. */
    synchronized List<List<List<String>>> all(long batch) {
        return List.copyOf(batches.getOrDefault(batch, List.of()));
    }

    synchronized int count() {
        return batches.size();
    }

    /** The number of rows of each batch. */
    synchronized List<Integer> sizes() {
        return batches.values().stream()
                .map(times -> times.get(0).stream().mapToInt(List::size).sum())
                .toList();
    }

    /** The rows of all batches, each batch once. */
    synchronized List<String> rows() {
        return batches.values().stream()
                .flatMap(times -> times.get(times.size() - 1).stream())
                .flatMap(List::stream)
                .toList();
    }
}
