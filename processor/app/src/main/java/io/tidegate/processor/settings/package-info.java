/**
 * The configuration file as values: the queries, their sinks, and the configuration of Spark. Every mistake in it is found
 * at once and is told with its line.
 *
 * <p>Called by {@code Main}; {@code ops} and {@code replay} read the values. Calls Spark's analyser by way of {@code
 * query.expression} and {@code structured}, to check what a query says.
 */
@NullMarked
package io.tidegate.processor.settings;

import org.jspecify.annotations.NullMarked;
