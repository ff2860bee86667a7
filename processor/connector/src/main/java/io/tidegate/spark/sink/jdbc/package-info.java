/**
 * Results into tables of a database, H2 or PostgreSQL, from tasks and from structured streams: upserted by a key, in one
 * transaction per call, and never replaced by something older.
 *
 * <p>Jobs call {@link io.tidegate.spark.sink.jdbc.JdbcResults} inside {@code foreachPartition}, and Spark calls
 * {@link io.tidegate.spark.sink.jdbc.JdbcSink} by its short name. It calls the database through its JDBC driver.
 */
@NullMarked
package io.tidegate.spark.sink.jdbc;

import org.jspecify.annotations.NullMarked;
