package io.tidegate.simulator.load;

/** Threads that do not keep the process alive. */
final class DaemonThread {
    private DaemonThread() {}

    /** Runs a task on a thread of its own. */
    static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
