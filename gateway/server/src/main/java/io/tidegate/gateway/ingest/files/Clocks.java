package io.tidegate.gateway.ingest.files;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Where time comes from.
 *
 * @param wall for state that people read
 * @param nanos only goes forward, for how long something has lasted
 */
public record Clocks(InstantSource wall, LongSupplier nanos) {}
