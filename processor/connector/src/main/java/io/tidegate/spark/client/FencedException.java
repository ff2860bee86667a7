package io.tidegate.spark.client;

import org.jspecify.annotations.Nullable;

/** A newer run of the same consumer group has taken over: this one must end, its results are no longer wanted. */
public final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With the group and the run, in words. */
    public FencedException(String what, @Nullable Throwable cause) {
        super(what, cause);
    }
}
