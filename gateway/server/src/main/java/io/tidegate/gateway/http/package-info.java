/**
 * The HTTP server: connections, of which a few are kept for probes, bearer tokens, and replies. Which path answers what is
 * told it by whoever starts it.
 *
 * <p>Called by the guardian, and by {@code ingest.http} and {@code ops} for replies. Calls Akka HTTP.
 */
@NullMarked
package io.tidegate.gateway.http;

import org.jspecify.annotations.NullMarked;
