/**
 * The pull protocol (docs/pull-protocol.md): a {@link io.tidegate.gateway.serve.ConsumerGroup} per application keeps two
 * durable cursors per key group and fences older runs by an epoch, a {@link io.tidegate.gateway.serve.ReceiverSession} sends
 * frames to one receiver against its credit, and {@link io.tidegate.gateway.serve.PullServer} carries them over gRPC.
 *
 * <p>Called by the guardian. Calls the event log, and {@code admission} for the time.
 */
@NullMarked
package io.tidegate.gateway.serve;

import org.jspecify.annotations.NullMarked;
