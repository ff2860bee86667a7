/**
 * The names of options, for the data source and the sinks alike.
 *
 * <p>Is used by io.tidegate.spark.sql, io.tidegate.spark.jdbc and io.tidegate.spark.mqtt.
 */
@NullMarked
package io.tidegate.spark.options;

import org.jspecify.annotations.NullMarked;
