package io.tidegate.processor.query;

import io.tidegate.settings.Section;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Where results go. */
public enum Target {
    /** MQTT topics. */
    MQTT,
    /** A table of a database. */
    JDBC,
    /** Files of JSON lines, by query and batch. */
    FILES,
    /** The standard output of the driver. */
    CONSOLE;

    /** As in configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@code to}; by default MQTT. */
    public static List<Target> read(Section section) {
        Set<Target> targets = new LinkedHashSet<>();
        for (String name : section.has("to") ? section.strings("to") : List.of(MQTT.label())) {
            Arrays.stream(values())
                    .filter(target -> target.label().equals(name))
                    .findFirst()
                    .ifPresentOrElse(targets::add, () -> section.mistake("to", "any of " + labels()));
        }
        return List.copyOf(targets);
    }

    /** All of them, for people. */
    private static String labels() {
        return Arrays.stream(values()).map(Target::label).collect(Collectors.joining(", "));
    }
}
