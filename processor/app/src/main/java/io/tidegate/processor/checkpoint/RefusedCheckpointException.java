package io.tidegate.processor.checkpoint;

/** The checkpoint folder can't be used as things are; the message says why and what to do. Exit code 78. */
public final class RefusedCheckpointException extends Exception {
    private static final long serialVersionUID = 1;

    /** With everything that a person needs to know. */
    public RefusedCheckpointException(String message) {
        super(message);
    }
}
