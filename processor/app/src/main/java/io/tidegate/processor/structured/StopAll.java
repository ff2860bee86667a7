package io.tidegate.processor.structured;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Stops several things at the same time, so that together they take no longer than the slowest. */
final class StopAll {

    private StopAll() {}

    /**
     * Begins to stop all of them, each on a thread of its own.
     *
     * @param stop stops one, and may wait for it
     * @return done when all calls have returned; failed when one has failed, after the others have returned
     */
    static <T> CompletableFuture<Void> begin(List<T> all, Consumer<T> stop) {
        CompletableFuture<?>[] stopped = all.stream()
                .map(one -> CompletableFuture.runAsync(() -> stop.accept(one), StopAll::onOwnThread))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(stopped);
    }

    private static void onOwnThread(Runnable work) {
        Thread thread = new Thread(work, "stop-query");
        thread.setDaemon(true);
        thread.start();
    }
}
