package io.tidegate.junit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;

/**
 * The outcomes of slow tests, a line each: test, seed, outcome, seconds, with tabs between. {@code .ci/record} takes it
 * into the project.
 */
final class OutcomeRecord {

    /** Names the file; absent: nothing is recorded. */
    private static final String PROPERTY = "tidegate.slow-record";

    private OutcomeRecord() {}

    static void append(String test, Seed seed, Outcome outcome, Duration took) {
        String given = System.getProperty(PROPERTY, "");
        if (given.isEmpty()) {
            return;
        }
        Path file = Path.of(given).toAbsolutePath();
        String line = String.join(
                "\t",
                test,
                String.valueOf(seed.value()),
                outcome.name().toLowerCase(Locale.ROOT),
                String.valueOf(took.toSeconds()));
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, line + "\n", UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
