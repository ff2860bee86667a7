/**
 * The Avro source of Flume, spoken by us: any stock Flume agent's avro sink can push here. The protocol is Flume's
 * {@code flume.avdl} (flume-ng-sdk 1.11); the wire is Avro's own RPC over TCP. A {@link
 * io.tidegate.gateway.flume.FlumeServer} has the connections and the limits, a {@link
 * io.tidegate.gateway.flume.FlumeSource} brings their batches to the log.
 *
 * <p>Uses {@code source} (the way to the log) and {@code decode}. Used by the guardian.
 */
@NullMarked
package io.tidegate.gateway.flume;

import org.jspecify.annotations.NullMarked;
