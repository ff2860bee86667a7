/**
 * The commands {@code simulator run} and {@code simulator replay}, with their settings. The command line calls them;
 * {@code demo} reads the same settings. They call {@code fleet}, {@code web} and {@code scenario} to send.
 */
@NullMarked
package io.tidegate.simulator.run;

import org.jspecify.annotations.NullMarked;
