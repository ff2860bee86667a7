/**
 * Immutable collections that share what did not change, and the byte form in which Spark carries values.
 *
 * <p>Called by every aggregate, sketch and state. Calls the collections of the Scala library that Spark brings along.
 */
@NullMarked
package io.tidegate.processor.persistent;

import org.jspecify.annotations.NullMarked;
