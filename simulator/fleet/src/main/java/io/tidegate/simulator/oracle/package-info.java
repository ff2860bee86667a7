/**
 * The oracle: it computes what the results must be, from what was sent and from the queries alone, all at once and
 * without regard to speed. The rooms {@code verify} and {@code demo} ask it, and so do the tests of the whole chain. It
 * reads the plans of {@code fleet}, {@code web} and {@code scenario}, and calls no code of gateway, processor or their
 * libraries, so that a mistake there can't hide here.
 */
@NullMarked
package io.tidegate.simulator.oracle;

import org.jspecify.annotations.NullMarked;
