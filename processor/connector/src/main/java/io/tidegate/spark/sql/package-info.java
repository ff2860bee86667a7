/**
 * The {@code tidegate} data source of Spark SQL: a gateway's log as a table, read once ({@code spark.read()}) or as it
 * grows ({@code spark.readStream()}).
 *
 * <p>{@link io.tidegate.spark.sql.TidegateSource} is the door that Spark knocks at by the short name. On the driver
 * {@code Gateways} asks where the logs stand, {@code LogStream} and {@code LogBatch} decide from which to which
 * {@code LogOffset} is read, {@code Partitions} cuts that into tasks; on the executors {@code EventReader} reads its
 * ranges by the stateless Read of the pull protocol. Nothing here depends on a receiver's session.
 *
 * <p>Uses the pull protocol's client (io.tidegate.spark) and the tables (io.tidegate.spark.table). Used by any Spark
 * program through the name {@code tidegate}, and by the processor's SQL queries.
 */
@NullMarked
package io.tidegate.spark.sql;

import org.jspecify.annotations.NullMarked;
