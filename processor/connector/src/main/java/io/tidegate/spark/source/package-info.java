/**
 * The {@code tidegate} data source of Spark SQL: a gateway's log as a table, read once ({@code spark.read()}) or as it grows
 * ({@code spark.readStream()}).
 *
 * <p>Spark calls {@link io.tidegate.spark.source.TidegateSource} by its short name, then {@code LogStream} or {@code LogBatch}
 * on the driver and {@code EventReader} in the tasks. They call the gateways through {@code client.internal} and give out
 * {@code event.EventRow}; none of them uses a receiver's session.
 */
@NullMarked
package io.tidegate.spark.source;

import org.jspecify.annotations.NullMarked;
