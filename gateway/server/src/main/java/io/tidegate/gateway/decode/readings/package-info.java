/**
 * Payloads of devices as readings: JSON objects and arrays ({@link io.tidegate.gateway.decode.readings.JsonReadings}), lines
 * of them ({@link io.tidegate.gateway.decode.readings.ReadingLines}), and single values
 * ({@link io.tidegate.gateway.decode.readings.ScalarPayload}).
 *
 * <p>Called by the decoders in {@code ingest}. Calls {@code decode} and Jackson's streaming parser; pure.
 */
@NullMarked
package io.tidegate.gateway.decode.readings;

import org.jspecify.annotations.NullMarked;
