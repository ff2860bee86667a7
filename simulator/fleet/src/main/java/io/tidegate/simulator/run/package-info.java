/**
 * {@code simulator run} and {@code simulator replay}: the settings, and what they put together from
 * {@link io.tidegate.simulator.fleet} and {@link io.tidegate.simulator.web}.
 */
@NullMarked
package io.tidegate.simulator.run;

import org.jspecify.annotations.NullMarked;
