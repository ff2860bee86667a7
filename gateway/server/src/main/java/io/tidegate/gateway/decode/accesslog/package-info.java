/**
 * Lines of access logs as requests: common, combined, JSON and W3C extended lines, told apart by {@link
 * io.tidegate.gateway.decode.accesslog.AccessLog}. The scanners are written by hand; no line is accepted because it almost
 * fits.
 *
 * <p>Called by the decoders in {@code ingest}. Calls {@code decode} and Jackson's streaming parser; pure.
 */
@NullMarked
package io.tidegate.gateway.decode.accesslog;

import org.jspecify.annotations.NullMarked;
