/**
 * Syslog over UDP and TCP: RFC 5424 and RFC 3164, framed as RFC 6587 says. A {@link
 * io.tidegate.gateway.syslog.SyslogServer} reads sockets, a {@link io.tidegate.gateway.syslog.SyslogSource} brings what they
 * hold to the log.
 *
 * <p>Uses {@code source} (the way to the log) and {@code decode}. Used by the guardian.
 */
@NullMarked
package io.tidegate.gateway.syslog;

import org.jspecify.annotations.NullMarked;
