package io.tidegate.gateway.ingest;

/**
 * What a source says about itself to whoever asks; written by its actor, read by any thread.
 *
 * <p>The default detail of a source that has not spoken yet is {@code starting}.
 */
public final class SourceHealth {

    private record State(boolean running, String detail) {}

    private final String source;
    private volatile State state = new State(false, "starting");

    /** A source that has not started yet. */
    public SourceHealth(String source) {
        this.source = source;
    }

    /** Its name. */
    public String source() {
        return source;
    }

    /** Whether it is connected and subscribed. */
    public boolean isRunning() {
        return state.running();
    }

    /** What it is doing, or why it is not running; a sentence for people. */
    public String detail() {
        return state.detail();
    }

    /** It works. */
    public void running() {
        state = new State(true, "running");
    }

    /** It does not work, or not all of it, and why. */
    public void away(String detail) {
        state = new State(false, detail);
    }
}
