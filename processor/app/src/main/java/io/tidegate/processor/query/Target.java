package io.tidegate.processor.query;

import java.util.Arrays;
import java.util.Locale;
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

    /** All of them, for people. */
    static String labels() {
        return Arrays.stream(values()).map(Target::label).collect(Collectors.joining(", "));
    }
}
