package io.tidegate.gateway.log;

/** Whether a device is there. */
public enum PresenceState {
    /** It said so, or it sends. */
    ONLINE,
    /** It said so, or its last will did. */
    OFFLINE,
    /** It was online and has sent nothing for the configured time. */
    SILENT,
    /** It made room for another device: the log keeps nothing of it. Told to the log only, never published. */
    FORGOTTEN
}
