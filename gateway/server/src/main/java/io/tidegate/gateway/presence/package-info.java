/**
 * What the gateway says about its devices and about itself on MQTT topics, retained: who is there, since when and why.
 *
 * <p>Uses {@code io.tidegate.mqtt}; told by the event log, once a device's presence is durable.
 */
@NullMarked
package io.tidegate.gateway.presence;

import org.jspecify.annotations.NullMarked;
