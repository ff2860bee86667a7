package io.tidegate.harness;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Runs what may fail or be interrupted, for tests that handle neither. */
final class Unchecked {

    private Unchecked() {}

    /** Something with a result. */
    interface Call<T> {
        T call() throws IOException, InterruptedException;
    }

    /** Something without one. */
    interface Action {
        void run() throws IOException, InterruptedException;
    }

    /** The result. */
    static <T> T get(Call<T> call) {
        try {
            return call.call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The same without a result. */
    static void run(Action action) {
        get(() -> {
            action.run();
            return true;
        });
    }
}
