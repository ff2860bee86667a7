package io.tidegate.processor.query;

/** Where results go. */
public enum Target {
    /** MQTT topics. */
    MQTT,
    /** The standard output of the driver. */
    CONSOLE
}
