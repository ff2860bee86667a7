/**
 * {@code simulator verify}: plays a scenario to a system, listens to what it answers, and says whether that is what the
 * oracle expects.
 */
@NullMarked
package io.tidegate.simulator.verify;

import org.jspecify.annotations.NullMarked;
