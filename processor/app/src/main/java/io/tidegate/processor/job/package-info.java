/**
 * The queries as a graph of DStreams: everything of Spark that the processor uses is here.
 *
 * <pre>
 *  door ─▶ Split ─▶ reduceByKey ─▶ ┬▶ mapWithState        sessions, totals, ledger ─┐
 *  (frames)         (per query     ├▶ (as it is)          counts ──────────────────┤
 *                    and state     └▶ reduceByKeyAndWindow, one per window/slide    ├▶ ResultsDStream ─▶ Publish
 *                    group)              ├▶ window ─────────────────────────────────┤   (what is due)   (the only
 *                                        └▶ top: N per state group, then one ───────┘                    output)
 * </pre>
 *
 * <p>Whatever is in the graph is in the checkpoint: named serializable classes, values, no address, no secret. What
 * belongs to one start of the driver is in {@link io.tidegate.processor.job.ThisStart}.
 *
 * <p>Uses the connector, {@code query} and the pure packages. Used by {@code Processor}.
 */
@NullMarked
package io.tidegate.processor.job;

import org.jspecify.annotations.NullMarked;
