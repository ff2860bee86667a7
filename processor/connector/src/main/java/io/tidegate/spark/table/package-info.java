/**
 * The log as tables: which events are rows of which {@link io.tidegate.spark.table.Table}, and what its columns are. The
 * one mapping of events to columns, for the DStream queries of the processor and for the {@code tidegate} data source
 * alike.
 *
 * <p>Uses the event model and Catalyst's rows. Used by the data source (io.tidegate.spark.sql) and by the processor.
 */
@NullMarked
package io.tidegate.spark.table;

import org.jspecify.annotations.NullMarked;
