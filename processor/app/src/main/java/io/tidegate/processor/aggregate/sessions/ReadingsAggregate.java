package io.tidegate.processor.aggregate.sessions;

import io.tidegate.processor.aggregate.InputEvent;
import io.tidegate.processor.persistent.Encoding;
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
public record ReadingsAggregate(SortedMap<String, MetricAggregate> byName) implements SessionAggregate {

    static ReadingsAggregate of(List<InputEvent> readings) {
        SortedMap<String, MetricAggregate> byName = new TreeMap<>();
        for (InputEvent reading : readings) {
            MetricAggregate before = byName.getOrDefault(reading.metric(), MetricAggregate.NONE);
            byName.put(reading.metric(), before.plus(reading));
        }
        return new ReadingsAggregate(Collections.unmodifiableSortedMap(byName));
    }

    @Override
    public ReadingsAggregate merge(SessionAggregate other) {
        if (!(other instanceof ReadingsAggregate metrics)) {
            throw unlike(other);
        }
        SortedMap<String, MetricAggregate> both = new TreeMap<>(byName);
        metrics.byName.forEach((name, stats) -> both.merge(name, stats, MetricAggregate::merge));
        return new ReadingsAggregate(Collections.unmodifiableSortedMap(both));
    }

    @Override
    public void writeFields(DataOutput out) throws IOException {
        Encoding.writeSorted(out, byName, Encoding::text, MetricAggregate::write);
    }

    static ReadingsAggregate readFields(DataInput in) throws IOException {
        return new ReadingsAggregate(
                Collections.unmodifiableSortedMap(Encoding.readSorted(in, Encoding::readText, MetricAggregate::read)));
    }
}
