/**
 * The keys of results: the canonical text of a key, the state group that it belongs to, and the key under which Spark
 * shuffles a state group.
 *
 * <p>Called by {@code query.expression}, the aggregates and the results. Calls Jackson and the gateway's rule of key groups;
 * pure.
 */
@NullMarked
package io.tidegate.processor.key;

import org.jspecify.annotations.NullMarked;
