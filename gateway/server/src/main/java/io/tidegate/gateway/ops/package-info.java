/**
 * The gateway for its operators: readiness, the ledger, metrics and dead letters, as the pages {@code /livez /readyz /metrics
 * /info /ledger /deadletters}. They read and change nothing.
 *
 * <p>Called by the guardian. Calls {@code http} for replies; reads the log, the health of the sources and the counters.
 */
@NullMarked
package io.tidegate.gateway.ops;

import org.jspecify.annotations.NullMarked;
