package io.tidegate.gateway.log;

/**
 * A device's presence and since when.
 *
 * @param device the device as it names itself
 * @param state the state that it is in
 * @param sinceMs the gateway's clock when that began
 * @param reason for people: {@code status}, {@code reading}, {@code no reading for 60s}
 */
public record Presence(String device, PresenceState state, long sinceMs, String reason) {}
