/**
 * Who reads the log and how far: {@link ConsumerGroups} routes to one {@link ConsumerGroup} per application, which keeps
 * two durable cursors per key group and fences older runs by an epoch; a {@link ReceiverSession} is one receiver's
 * stream, sending frames against credit.
 *
 * <p>Uses the event log and the time of the key groups; knows the protocol's messages, not gRPC. Used by the pull server
 * and the HTTP ledger.
 */
@NullMarked
package io.tidegate.gateway.consumer;

import org.jspecify.annotations.NullMarked;
