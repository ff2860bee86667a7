/**
 * The gateway's pages for people, probes and Prometheus: {@code /livez /readyz /metrics /info /ledger /deadletters}. They
 * read, they change nothing.
 *
 * <p>Uses Akka HTTP; reads the log, the sources' health and the metrics. Started by the guardian.
 */
@NullMarked
package io.tidegate.gateway.http;

import org.jspecify.annotations.NullMarked;
