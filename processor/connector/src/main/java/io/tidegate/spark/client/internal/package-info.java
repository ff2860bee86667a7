/**
 * The client of the pull protocol: calls with retries, where a log stands, the pull session with its credit, and reading
 * ranges of the log.
 *
 * <p>The packages {@code dstream} and {@code source} call it, and so does Tidegate's processor. It calls a gateway through
 * io.tidegate.protocol and gRPC, and makes {@code event.EventChunk} of what it gets.
 */
@NullMarked
package io.tidegate.spark.client.internal;

import org.jspecify.annotations.NullMarked;
