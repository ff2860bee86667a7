package io.tidegate.gateway.log;

/** The disk, or what is on it, failed while running: nothing may be acknowledged after this. */
public final class LogFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    LogFailure(Exception cause) {
        super("event log: " + cause.getMessage(), cause);
    }

    LogFailure(String message) {
        super("event log: " + message);
    }
}
