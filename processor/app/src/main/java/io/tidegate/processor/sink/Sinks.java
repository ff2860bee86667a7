package io.tidegate.processor.sink;

import io.tidegate.spark.sink.mqtt.MqttTarget;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Where results go. Addresses and secrets: no part of any checkpoint, so they are those of this start.
 *
 * @param broker for {@code to = [mqtt]}
 * @param tables for {@code to = [jdbc]}, by the name of the query
 * @param files the folder for {@code to = [files]}
 * @param topics the first level of all topics
 */
public record Sinks(MqttTarget broker, Map<String, TableSink> tables, Path files, String topics) {

    /** Those of the live processor. */
    public Sinks(MqttTarget broker, Map<String, TableSink> tables, Path files) {
        this(broker, tables, files, ReplayNamespace.LIVE_TOPICS);
    }

    /** Keeps its own copy. */
    public Sinks {
        tables = Map.copyOf(tables);
    }

    /** Those for some queries only. */
    public Sinks only(Set<String> queries) {
        Map<String, TableSink> some = new HashMap<>(tables);
        some.keySet().retainAll(queries);
        return new Sinks(broker, some, files, topics);
    }
}
