/**
 * The processor: pulls events from the gateway with Spark, keeps sessions, running totals and windows, publishes the
 * answers to MQTT.
 *
 * <pre>
 *  Main ─▶ ProcessorSettings ─▶ Requirements ─▶ CheckpointFolder ─▶ Processor (Spark, HTTP, status topic)
 * </pre>
 *
 * <p>Uses everything below it. Used by the launcher.
 */
@NullMarked
package io.tidegate.processor;

import org.jspecify.annotations.NullMarked;
