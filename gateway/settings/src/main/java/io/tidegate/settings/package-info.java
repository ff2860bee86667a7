/**
 * Reads a process's settings from HOCON and reports every mistake at once: file, line, key, what was given, what is
 * expected. A {@link io.tidegate.settings.Section} never throws; {@link io.tidegate.settings.Settings#finish} does.
 *
 * <p>Uses Typesafe config, which nobody else needs to see. Used by the settings records of the gateway, the processor and
 * the simulator.
 */
@NullMarked
package io.tidegate.settings;

import org.jspecify.annotations.NullMarked;
