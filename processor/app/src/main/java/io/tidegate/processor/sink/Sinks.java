package io.tidegate.processor.sink;

import io.tidegate.spark.mqtt.MqttTarget;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where results go. Addresses and secrets: no part of any checkpoint, so they are those of this start.
 *
 * @param broker for {@code to = [mqtt]}
 * @param tables for {@code to = [jdbc]}, by the name of the query
 * @param files the folder for {@code to = [files]}
 */
public record Sinks(MqttTarget broker, Map<String, TableSink> tables, Path files) {

    /** Keeps its own copy. */
    public Sinks {
        tables = Map.copyOf(tables);
    }
}
