/**
 * Events by syslog over UDP and TCP: RFC 5424 and RFC 3164 messages, framed as RFC 6587 says. A {@link
 * io.tidegate.gateway.ingest.syslog.SyslogServer} reads the sockets, a {@link io.tidegate.gateway.ingest.syslog.SyslogSource}
 * actor brings the messages to the log.
 *
 * <p>Called by the guardian. Calls {@code ingest} and {@code decode}.
 */
@NullMarked
package io.tidegate.gateway.ingest.syslog;

import org.jspecify.annotations.NullMarked;
