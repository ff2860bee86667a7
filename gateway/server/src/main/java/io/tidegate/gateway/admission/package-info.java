/**
 * A batch of decoded messages becomes log entries: an {@link io.tidegate.gateway.admission.Admission} sends each event to its
 * key group, and a {@link io.tidegate.gateway.admission.KeyGroup} actor removes duplicates, gives offsets, and keeps its
 * devices and its watermark. {@link io.tidegate.gateway.admission.SeenThrough} is the time up to which everything received is
 * durable.
 *
 * <p>Called by the sources in {@code ingest}, and by {@code serve} and {@code ops} for the time and the counts. Calls the
 * event log.
 */
@NullMarked
package io.tidegate.gateway.admission;

import org.jspecify.annotations.NullMarked;
