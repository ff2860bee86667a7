package io.tidegate.simulator.watch;

/** Colours of a terminal, or none. */
enum TerminalStyle {
    PLAIN("", ""),
    QUIET("\u001b[2m", "\u001b[0m"),
    GOOD("\u001b[32m", "\u001b[0m"),
    ATTENTION("\u001b[33m", "\u001b[0m");

    private final String on;
    private final String off;

    TerminalStyle(String on, String off) {
        this.on = on;
        this.off = off;
    }

    String of(String text) {
        return on + text + off;
    }
}
