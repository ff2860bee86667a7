/**
 * Exact arithmetic: sums that do not depend on the order of their terms and from which terms can be taken away again.
 *
 * <p>Uses the JDK only. Used by the partial aggregates, the states and the windows.
 */
@NullMarked
package io.tidegate.processor.math;

import org.jspecify.annotations.NullMarked;
