/**
 * Results from Spark's executors into tables of a database, H2 or PostgreSQL: upserted by a key, in one transaction per
 * call, and never replaced by something older. So a batch that runs again changes nothing.
 *
 * <p>Uses the two drivers; is used by jobs that write tables, inside {@code foreachPartition}.
 */
@NullMarked
package io.tidegate.spark.jdbc;

import org.jspecify.annotations.NullMarked;
