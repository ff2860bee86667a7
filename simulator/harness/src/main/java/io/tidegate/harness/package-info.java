/**
 * The fault harness, for tests only. {@link io.tidegate.harness.FaultProxy}, {@link io.tidegate.harness.ScriptedBroker} and
 * {@link io.tidegate.harness.Program} cause faults. {@link io.tidegate.harness.RecordingPublisher} records what was
 * acknowledged, {@link io.tidegate.harness.ResultRecorder} what came out, {@link io.tidegate.harness.GatewayLog} reads what
 * is on disk, and {@link io.tidegate.harness.DeliveryCheck} compares. Whatever is random comes from a {@link
 * io.tidegate.junit.Seed} that is printed.
 *
 * <p>Speaks MQTT by itself, written from the standard: the product's client is under test here.
 */
@NullMarked
package io.tidegate.harness;

import org.jspecify.annotations.NullMarked;
