package io.tidegate.settings;

import java.util.List;
import java.util.stream.Collectors;

/** The settings have mistakes; the message has one line for each. Ends a process with exit code 78. */
public final class InvalidSettings extends Exception {

    private final transient List<Mistake> mistakes;

    InvalidSettings(List<Mistake> mistakes) {
        super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")));
        this.mistakes = List.copyOf(mistakes);
    }

    /** All mistakes, in the order in which they were found; unknown keys come last. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
