package io.tidegate.gateway.ingest.syslog;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Takes the messages that sockets have received. */
@FunctionalInterface
interface FrameHandler {

    /**
     * Takes a piece. Does not wait.
     *
     * @param origin the peer: {@code udp 192.0.2.1}
     * @return done when it is on disk; fails when it will never be
     */
    CompletableFuture<?> take(String origin, List<SyslogFrame> piece);
}
