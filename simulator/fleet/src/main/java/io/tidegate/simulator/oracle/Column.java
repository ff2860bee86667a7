package io.tidegate.simulator.oracle;

/** A column that readings can be grouped by. */
public enum Column {
    DEVICE,
    METRIC;

    String of(Reading reading) {
        return this == DEVICE ? reading.device() : reading.metric();
    }
}
