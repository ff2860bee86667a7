/**
 * Events from Flume agents: an {@link io.tidegate.gateway.ingest.flume.AvroServer} speaks the protocol of Flume's Avro sink
 * ({@code flume.avdl} of flume-ng-sdk 1.11 over Avro's own RPC), and a {@link io.tidegate.gateway.ingest.flume.FlumeSource}
 * answers a batch when it is on disk.
 *
 * <p>Called by the guardian. Calls {@code ingest} and {@code decode}.
 */
@NullMarked
package io.tidegate.gateway.ingest.flume;

import org.jspecify.annotations.NullMarked;
