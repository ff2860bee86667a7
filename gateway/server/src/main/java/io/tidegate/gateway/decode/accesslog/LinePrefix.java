package io.tidegate.gateway.decode.accesslog;

import java.util.Locale;

/** What stands in front of each line of a log, because somebody stored or passed it on, and is taken off. */
public enum LinePrefix {
    /** Nothing. */
    NONE,
    /** What container runtimes write, Kubernetes' log files: {@code 2026-11-23T07:40:02.123456789Z stdout F }. */
    CRI,
    /** A record of Docker's json-file, {@code {"log":"…\\n","stream":"stdout","time":…}}; or the time of {@code docker logs -t}. */
    DOCKER,
    /** A syslog header: {@code Nov 23 07:40:02 web1 nginx: }. Its host is the host of lines that name none. */
    SYSLOG,
    /** A time and a space, as of {@code kubectl logs --timestamps}: {@code 2026-11-23T07:40:02.123456789Z }. */
    TIMESTAMP;

    /**
     * Whether a line may come in pieces, each with this in front. The last one is told from a line only behind the others: not
     * where each line comes for itself.
     */
    public boolean mayCut() {
        return this == CRI || this == DOCKER;
    }

    /** The name in configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
