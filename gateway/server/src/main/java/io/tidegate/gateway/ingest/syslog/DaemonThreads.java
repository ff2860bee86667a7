package io.tidegate.gateway.ingest.syslog;

import java.util.concurrent.ThreadFactory;

/** Threads that a process does not wait for. */
final class DaemonThreads {

    private DaemonThreads() {}

    static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
