/**
 * Events by HTTP: {@code POST /ingest/logs} and {@code /ingest/readings}. {@link
 * io.tidegate.gateway.ingest.http.HttpSource} reads a request within its limits, {@link
 * io.tidegate.gateway.ingest.http.HttpIngest} answers it when its events are on disk, {@link
 * io.tidegate.gateway.ingest.http.IdempotencyCache} answers a repeated one the same way.
 *
 * <p>Called by the guardian, which gives it the requests of its HTTP server. Calls {@code ingest}, {@code http} and the log.
 */
@NullMarked
package io.tidegate.gateway.ingest.http;

import org.jspecify.annotations.NullMarked;
