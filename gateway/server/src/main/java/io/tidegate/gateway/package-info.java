/**
 * The gateway: {@link io.tidegate.gateway.Main} reads the settings and opens the log, {@link
 * io.tidegate.gateway.Gateway}, the guardian actor, starts, watches and stops everything else in one written order.
 *
 * <p>Below {@code Main} nobody sees a configuration file: settings are records.
 */
@NullMarked
package io.tidegate.gateway;

import org.jspecify.annotations.NullMarked;
