package io.tidegate.spark.client;

/**
 * Events that this job still needs are no longer in the gateway's log. Nothing can bring them back: the job has to start
 * with new state.
 */
public final class TrimmedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With the range and the gateway, in words. */
    public TrimmedException(String what, Throwable cause) {
        super(what, cause);
    }
}
