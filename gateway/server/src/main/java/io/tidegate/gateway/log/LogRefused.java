package io.tidegate.gateway.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The log can't be opened, for a reason that a person has to resolve; the message says which. */
public final class LogRefused extends Exception {

    /** Whose fault it is. */
    public enum Reason {
        /** Another process has the folder. */
        LOCKED,
        /** The folder can't be made or looked at. */
        NO_FOLDER,
        /** The folder was written with other frozen settings (number of key groups, gateway id): wrong configuration. */
        OTHER_SETTINGS,
        /** The folder was written by a newer version. */
        NEWER_FORMAT,
        /** The folder's content is damaged beyond what a crash leaves: never opened as if nothing were missing. */
        DAMAGED
    }

    private static final long serialVersionUID = 1;

    private final Reason reason;

    LogRefused(Reason reason, Path folder, String what) {
        this(reason, folder, what, null);
    }

    LogRefused(Reason reason, Path folder, String what, @Nullable Throwable cause) {
        super("log folder " + folder + ": " + what, cause);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** The exit code of a process that can't go on: 78 for wrong configuration, otherwise 1. */
    public int exitCode() {
        return reason == Reason.DAMAGED ? 1 : 78;
    }
}
