/**
 * What the sinks of structured streams share: the table and the write that Spark asks for, and rows as plain values and as JSON.
 *
 * <p>The packages {@code sink.mqtt} and {@code sink.jdbc} call it, and so do the sinks of Tidegate's processor. It calls
 * Spark SQL's connector interfaces.
 */
@NullMarked
package io.tidegate.spark.sink.internal;

import org.jspecify.annotations.NullMarked;
