/**
 * What decoding gives: {@link io.tidegate.gateway.decode.Decoded} events or a rejection with a
 * {@link io.tidegate.gateway.decode.Reason} from a bounded set, within {@link io.tidegate.gateway.decode.Limits}; and what
 * all decoders share, which is lines, JSON arrays, strict UTF-8 and time.
 *
 * <p>Called by the sources in {@code ingest} and by {@code decode.readings} and {@code decode.accesslog}. Calls nothing of
 * the gateway: pure functions over values, any thread.
 */
@NullMarked
package io.tidegate.gateway.decode;

import org.jspecify.annotations.NullMarked;
