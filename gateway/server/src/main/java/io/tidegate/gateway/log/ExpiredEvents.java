package io.tidegate.gateway.log;

/**
 * What a consumer group lost because the log was full.
 *
 * @param events events that expired before the group had committed them, since the group was registered
 * @param epoch the epoch of the group's run when that last happened
 */
public record ExpiredEvents(long events, long epoch) {

    /** Nothing was lost. */
    public static final ExpiredEvents NONE = new ExpiredEvents(0, 0);
}
