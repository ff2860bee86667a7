package io.tidegate.processor.dstream;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.Time;
import org.apache.spark.streaming.dstream.DStream;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The streams that nobody asks for long: all but panes, states, and the door, which Spark lets make a batch only once. Spark
 * remembers those above a window for as long as the window, and looks through all blocks for each RDD that it forgets,
 * persisted or not; so every batch costs in proportion to the window, several times. Here they are forgotten early, and
 * blocks are looked for only where there are some.
 *
 * <p>What is asked for nevertheless, after a restart or because a pane was lost, Spark makes again, down to the door, which
 * makes every batch of the window again.
 */
@SuppressWarnings("deprecation") // DStreams are deprecated upstream as a whole
final class EarlyEviction implements Serializable {
    private static final long serialVersionUID = 1;

    private final List<DStream<?>> derived = new ArrayList<>();
    private final List<DStream<?>> sources = new ArrayList<>();
    private final List<DStream<?>> accumulated = new ArrayList<>();
    private final Duration keep;

    /** @param keep longer than every slide, since panes may be made only then */
    EarlyEviction(Duration keep) {
        this.keep = keep;
    }

    /** A stream that costs nothing to make again: forgotten with its batch. */
    void derived(DStream<?> stream) {
        derived.add(stream);
    }

    /** What others are made of: kept for a while. */
    void source(DStream<?> stream) {
        sources.add(stream);
    }

    /** A stream each RDD of which is made of the one before: only the newest is kept in memory. */
    void accumulated(DStream<?> stream) {
        accumulated.add(stream);
    }

    /** When the batch of that time is done; under the lock of Spark's graph. */
    void forget(Time time) {
        derived.forEach(stream -> forget(stream, time));
        sources.forEach(stream -> forget(stream, time.$minus(keep)));
        accumulated.forEach(stream -> unpersistAllButNewest(stream, time));
    }

    private static <T> void forget(DStream<T> stream, Time through) {
        List<Time> old = CollectionConverters.asJava(stream.generatedRDDs()).keySet().stream()
                .filter(at -> at.lessEq(through))
                .toList();
        for (Time at : old) {
            RDD<T> rdd = stream.generatedRDDs().remove(at).get();
            if (!rdd.getStorageLevel().equals(StorageLevel.NONE())) {
                rdd.unpersist(false);
            }
        }
    }

    private static <T> void unpersistAllButNewest(DStream<T> stream, Time through) {
        CollectionConverters.asJava(stream.generatedRDDs()).keySet().stream()
                .filter(at -> at.lessEq(through))
                .sorted(Comparator.comparingLong(Time::milliseconds).reversed())
                .skip(1)
                .map(at -> stream.generatedRDDs().apply(at))
                .filter(rdd -> !rdd.getStorageLevel().equals(StorageLevel.NONE()))
                .forEach(rdd -> rdd.unpersist(false));
    }
}
