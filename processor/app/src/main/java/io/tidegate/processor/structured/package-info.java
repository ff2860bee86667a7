/**
 * Queries on Structured Streaming: those in SQL, and sessions with {@code engine = structured}. One sink writes each row to
 * all the places of a query.
 *
 * <p>Called by {@code Processor} and {@code replay}; {@code settings} checks queries with it. Calls the connector's source and
 * sinks, {@code query.expression}, {@code aggregate.sessions} and {@code sink}.
 */
@NullMarked
package io.tidegate.processor.structured;

import org.jspecify.annotations.NullMarked;
