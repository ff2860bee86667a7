/**
 * What the processor tells its operators: readiness and its reasons, metrics, the ledger, the queries; over HTTP and on
 * retained topics. It reads and changes nothing.
 *
 * <p>Called by {@code Processor}. Calls {@code ops.http} and reads {@code dstream}, {@code structured} and the gateway.
 */
@NullMarked
package io.tidegate.processor.ops;

import org.jspecify.annotations.NullMarked;
