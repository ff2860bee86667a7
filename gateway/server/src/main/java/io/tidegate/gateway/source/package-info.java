/**
 * Where events come in. A {@link io.tidegate.gateway.source.MqttSource} is an actor that owns one connection and one
 * running stream ({@link io.tidegate.gateway.source.Intake}): received, decoded, batched while busy, admitted,
 * acknowledged in the order of receipt, and never before the log's fsync.
 *
 * <p>Uses {@code decode}, {@code keygroup} (admission, receipts), {@code log} (dead letters, tallies) and
 * {@code io.tidegate.mqtt}. Used by the guardian, which starts, watches and stops sources.
 */
@NullMarked
package io.tidegate.gateway.source;

import org.jspecify.annotations.NullMarked;
