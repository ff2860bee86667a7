package io.tidegate.simulator;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;

/** Makes Ctrl-C and SIGTERM a request that the work sees, and the work's exit code that of the process. */
final class Termination {
    private static final long PATIENCE_SECONDS = 240;

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    private Termination() {}

    /** Runs the work on this thread and ends the process with what it returns. The latch falls when it shall end. */
    static void exitWith(ToIntFunction<CountDownLatch> work) {
        Termination termination = new Termination();
        Runtime.getRuntime().addShutdownHook(new Thread(termination::onShutdown, "termination"));
        int code = work.applyAsInt(termination.requested);
        termination.exitCode.complete(code);
        System.exit(code);
    }

    /** Runs when the work has ended as well; then the exit code is there already. */
    private void onShutdown() {
        requested.countDown();
        int code = 1;
        try {
            code = exitCode.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("not stopped within " + PATIENCE_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(code);
    }
}
