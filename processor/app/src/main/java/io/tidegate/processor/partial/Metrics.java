package io.tidegate.processor.partial;

import io.tidegate.processor.persistent.Wire;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What readings come to.
 *
 * @param byName each metric; not to be changed
 */
public record Metrics(SortedMap<String, MetricStats> byName) implements Content {

    static Metrics of(List<Observation> readings) {
        SortedMap<String, MetricStats> byName = new TreeMap<>();
        for (Observation reading : readings) {
            MetricStats before = byName.getOrDefault(reading.metric(), MetricStats.NONE);
            byName.put(reading.metric(), before.plus(reading));
        }
        return new Metrics(Collections.unmodifiableSortedMap(byName));
    }

    @Override
    public Metrics merge(Content other) {
        if (!(other instanceof Metrics metrics)) {
            throw unlike(other);
        }
        SortedMap<String, MetricStats> both = new TreeMap<>(byName);
        metrics.byName.forEach((name, stats) -> both.merge(name, stats, MetricStats::merge));
        return new Metrics(Collections.unmodifiableSortedMap(both));
    }

    @Override
    public void writeFields(DataOutput out) throws IOException {
        Wire.writeSorted(out, byName, Wire::text, MetricStats::write);
    }

    static Metrics readFields(DataInput in) throws IOException {
        return new Metrics(Collections.unmodifiableSortedMap(Wire.readSorted(in, Wire::readText, MetricStats::read)));
    }
}
