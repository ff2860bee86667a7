/**
 * What all sources of events share: the contract {@link io.tidegate.gateway.ingest.Source}, their health, the decoder of
 * bodies, the memory that requests reserve, and {@link io.tidegate.gateway.ingest.PushIngest}, the stream of every source to
 * which others push. Each kind of source has a package of its own below this one.
 *
 * <p>Called by those packages and by the guardian. Calls {@code decode} and {@code admission}.
 */
@NullMarked
package io.tidegate.gateway.ingest;

import org.jspecify.annotations.NullMarked;
