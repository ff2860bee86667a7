/**
 * What the chain's answers must be: totals and sessions computed from the acknowledged readings in plain Java, all at
 * once and without regard to speed. It shares no code with the processor, so that a mistake there can't hide here.
 */
@NullMarked
package io.tidegate.simulator.oracle;

import org.jspecify.annotations.NullMarked;
