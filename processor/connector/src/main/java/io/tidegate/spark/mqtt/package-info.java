/**
 * Results from Spark's executors to an MQTT broker: one connection per JVM and target, reused by every task.
 *
 * <p>Uses io.tidegate.mqtt; is used by jobs that publish, inside {@code foreachPartition}.
 */
@NullMarked
package io.tidegate.spark.mqtt;

import org.jspecify.annotations.NullMarked;
