/**
 * The event model and the pull protocol: what an event's key is, which key group and which state group it belongs to,
 * how a key becomes a level of a topic. The messages themselves are generated into {@code io.tidegate.protocol.v1}.
 *
 * <p>Uses protobuf and the gRPC stubs, nothing else. Used by the gateway, the Spark connector, the processor and the
 * simulator.
 */
@NullMarked
package io.tidegate.protocol;

import org.jspecify.annotations.NullMarked;
