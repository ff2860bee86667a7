package io.tidegate.gateway.syslog;

import java.util.concurrent.ThreadFactory;

/** Threads that a process does not wait for. */
final class Threads {

    private Threads() {}

    static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
