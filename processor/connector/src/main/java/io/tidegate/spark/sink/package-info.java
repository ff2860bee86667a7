/**
 * What the sinks of structured streams share: the table that Spark writes to, rows as plain values and as JSON, options.
 *
 * <p>Uses Spark SQL's connector interfaces; is used by io.tidegate.spark.jdbc and io.tidegate.spark.mqtt.
 */
@NullMarked
package io.tidegate.spark.sink;

import org.jspecify.annotations.NullMarked;
