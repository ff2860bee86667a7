/**
 * Presence of the devices, and the gateway's own status and ledger, as retained MQTT messages.
 *
 * <p>Called by the guardian and, once a device's presence is durable, by the event log. Calls {@code io.tidegate.mqtt}.
 */
@NullMarked
package io.tidegate.gateway.ops.presence;

import org.jspecify.annotations.NullMarked;
