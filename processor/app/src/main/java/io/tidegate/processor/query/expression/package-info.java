/**
 * The expressions of a query, {@code where}, {@code by} and {@code value}, computed for one event after the other. They are
 * Spark SQL, parsed and resolved by Catalyst without a session, without a Dataset and without a plan in the hot path; a
 * plain column costs no Catalyst at all.
 *
 * <p>Called by {@code settings}, which checks them, and by {@code dstream} and {@code structured}, which compute them. Calls
 * Catalyst and {@code key}.
 */
@NullMarked
package io.tidegate.processor.query.expression;

import org.jspecify.annotations.NullMarked;
