/**
 * What is known of some numbers: their exact sum, extremes, deviation, percentiles and how many are different. The order of
 * the numbers does not matter, and numbers can be taken away again, so that windows can slide.
 *
 * <p>Called by the aggregates and the results. Calls {@code persistent}; pure.
 */
@NullMarked
package io.tidegate.processor.sketch;

import org.jspecify.annotations.NullMarked;
