/**
 * A gateway's log as a DStream: a receiver that stores blocks, the stream that makes a contiguous range of offsets of each
 * batch, and the replay of the past.
 *
 * <p>Jobs call {@link io.tidegate.spark.dstream.GatewayStream} and {@link io.tidegate.spark.dstream.ReplayStream}, and Spark
 * Streaming calls the rest. It calls the gateway through {@code client.internal} and gives out {@code event.StreamElement}.
 */
@NullMarked
package io.tidegate.spark.dstream;

import org.jspecify.annotations.NullMarked;
