/**
 * The queries as a graph of DStreams.
 *
 * <pre>
 *  gateway ─▶ PartialsDStream ─▶ ┬▶ mapWithState                     sessions, totals, ledger ──┐
 *  (chunks)   (per query and     ├▶ (as it is)                       counts ────────────────────┤
 *             state group)       └▶ PanesDStream ─▶ WindowDStream, one per window and slide     ├▶ ResultsDStream ─▶ PublishBatch
 *                                                    ├▶ window ─────────────────────────────────┤  (what is due)     (the only
 *                                                    └▶ top: N per state group, then one ───────┘                     output)
 * </pre>
 *
 * <p>Whatever is in the graph is in the checkpoint: named serializable classes, values, no address, no secret. What
 * belongs to one start of the driver is in {@link io.tidegate.processor.dstream.RunContext}.
 *
 * <p>Called by {@code Processor} and {@code replay}. Calls the connector, {@code query.expression}, the aggregates and {@code
 * sink}.
 */
@NullMarked
package io.tidegate.processor.dstream;

import org.jspecify.annotations.NullMarked;
