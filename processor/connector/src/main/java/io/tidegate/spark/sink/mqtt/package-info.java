/**
 * Results to an MQTT broker, from tasks and from structured streams: one connection per JVM and target, which outlives tasks.
 *
 * <p>Jobs call {@link io.tidegate.spark.sink.mqtt.MqttResults} inside {@code foreachPartition}, and Spark calls
 * {@link io.tidegate.spark.sink.mqtt.MqttSink} by its short name. It calls the broker through io.tidegate.mqtt.
 */
@NullMarked
package io.tidegate.spark.sink.mqtt;

import org.jspecify.annotations.NullMarked;
