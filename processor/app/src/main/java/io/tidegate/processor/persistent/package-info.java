/**
 * Immutable collections that share what did not change, and the byte form in which Spark carries values.
 *
 * <p>Uses the collections of the Scala library that Spark brings along. Used by every partial aggregate and state.
 */
@NullMarked
package io.tidegate.processor.persistent;

import org.jspecify.annotations.NullMarked;
