/**
 * The Avro source of Flume, spoken by us: any stock Flume agent's avro sink can push here. The protocol is Flume's
 * {@code flume.avdl} (flume-ng-sdk 1.11); the wire is Avro's own RPC over Netty.
 */
@NullMarked
package io.tidegate.gateway.flume;

import org.jspecify.annotations.NullMarked;
