package io.tidegate.gateway.syslog;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who takes what sockets gave. */
@FunctionalInterface
interface SyslogFrames {

    /**
     * Takes a piece. Does not wait.
     *
     * @param origin the peer: {@code udp 192.0.2.1}
     * @return done when it is on disk; fails when it will never be
     */
    CompletableFuture<?> take(String origin, List<Frame> piece);
}
