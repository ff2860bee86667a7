package io.tidegate.simulator.oracle;

import io.tidegate.simulator.fleet.Reading;

/** A column that readings can be grouped by. */
public enum KeyColumn {
    DEVICE,
    METRIC;

    String of(Reading reading) {
        return this == DEVICE ? reading.device() : reading.metric();
    }
}
