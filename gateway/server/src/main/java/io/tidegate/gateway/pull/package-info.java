/**
 * The pull protocol on the wire: {@link PullServer} owns the gRPC server (with health and reflection), {@link
 * PullService} bridges its calls to the consumer groups, with manual flow control in both directions.
 *
 * <p>docs/pull-protocol.md is the contract. Uses consumer groups and the event log; nobody but the guardian uses it.
 */
@NullMarked
package io.tidegate.gateway.pull;

import org.jspecify.annotations.NullMarked;
