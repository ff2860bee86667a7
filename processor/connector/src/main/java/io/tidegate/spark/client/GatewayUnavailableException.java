package io.tidegate.spark.client;

/** A gateway did not answer for as long as it was waited for. Nothing is lost: the same can be asked again later. */
public final class GatewayUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With what was asked of whom, in words. */
    public GatewayUnavailableException(String what, Throwable cause) {
        super(what, cause);
    }
}
