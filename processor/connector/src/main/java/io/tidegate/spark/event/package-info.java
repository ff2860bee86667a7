/**
 * Events as a job sees them: chunks of the log, the time of a batch, and rows of tables with columns.
 *
 * <p>Jobs call it, and so do {@code client.internal}, {@code dstream} and {@code source}. It calls the generated classes of
 * io.tidegate.protocol, which stay behind it, and Catalyst's rows.
 */
@NullMarked
package io.tidegate.spark.event;

import org.jspecify.annotations.NullMarked;
