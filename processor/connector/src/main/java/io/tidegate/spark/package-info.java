/**
 * Spark Streaming on a Tidegate gateway: every event of the gateway's log exactly once into DStream state, without a
 * write-ahead log of Spark's own.
 *
 * <p>{@link io.tidegate.spark.GatewayStream} is where a job begins. Behind it stand the <em>receiver</em>, which pulls
 * frames against credit and keeps them as blocks, and the <em>door</em>, for which a batch is one contiguous range of
 * offsets per key group and a block but a cache of pieces of it; what the cache lost is read again from the gateway.
 *
 * <p>Uses the pull protocol (io.tidegate.protocol) and Spark; is used by the processor and by any other Spark job.
 */
@NullMarked
package io.tidegate.spark;

import org.jspecify.annotations.NullMarked;
