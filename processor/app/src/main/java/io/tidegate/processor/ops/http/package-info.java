/**
 * An HTTP server for pages that are read only: it bounds connections in number and in time.
 *
 * <p>Called by {@code ops} and {@code Processor}, which say what each page replies. Calls Netty as Spark brings it, and Jackson.
 */
@NullMarked
package io.tidegate.processor.ops.http;

import org.jspecify.annotations.NullMarked;
