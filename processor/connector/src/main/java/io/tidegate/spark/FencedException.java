package io.tidegate.spark;

/** A newer run of the same consumer group has taken over: this one must end, its results are no longer wanted. */
public final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FencedException(String what, Throwable cause) {
        super(what, cause);
    }
}
