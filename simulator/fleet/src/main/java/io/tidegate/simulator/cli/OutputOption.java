package io.tidegate.simulator.cli;

import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** {@code --output}: how a report is written. */
public final class OutputOption {

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json")
    private Format format = Format.TEXT;

    private enum Format {
        TEXT,
        JSON
    }

    /** Prints the report as it was asked for. */
    public void print(Supplier<String> text, Supplier<String> json) {
        System.out.println(format == Format.JSON ? json.get() : text.get().stripTrailing());
    }
}
