/**
 * Access logs: what a line says about one request. Scanners by hand for common and combined, JSON and W3C extended lines;
 * no regular expression, no line that is accepted because it almost fits. {@link io.tidegate.gateway.weblog.AccessLog}
 * reads one log, {@link io.tidegate.gateway.weblog.LineSplitter} cuts bytes into its lines.
 *
 * <p>Pure: bytes in, {@link io.tidegate.gateway.weblog.LogEntry} or {@link io.tidegate.gateway.weblog.DamagedLine} out; no
 * clock, no log, no actor. Uses the event model and Jackson's streaming parser; used by {@code decode}.
 */
@NullMarked
package io.tidegate.gateway.weblog;

import org.jspecify.annotations.NullMarked;
