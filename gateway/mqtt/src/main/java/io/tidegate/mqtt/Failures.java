package io.tidegate.mqtt;

import java.util.concurrent.CompletionException;

/** Failures of futures. */
public final class Failures {

    private Failures() {}

    /** What made a stage fail, without what the stages behind it have wrapped around it. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
