/**
 * The fault harness, for tests only: what causes faults ({@link io.tidegate.harness.FaultProxy},
 * {@link io.tidegate.harness.ScriptedBroker}, {@link io.tidegate.harness.Program}), what records
 * ({@link io.tidegate.harness.RecordingPublisher}: what was acknowledged; {@link io.tidegate.harness.ResultRecorder}: what came out;
 * {@link io.tidegate.harness.GatewayLog}: what is on disk), and what compares ({@link io.tidegate.harness.DeliveryCheck}).
 * Whatever is random comes from a {@link io.tidegate.junit.Seed} that is printed.
 *
 * <p>Speaks MQTT by itself, written from the standard: the product's client is under test here.
 */
@NullMarked
package io.tidegate.harness;

import org.jspecify.annotations.NullMarked;
