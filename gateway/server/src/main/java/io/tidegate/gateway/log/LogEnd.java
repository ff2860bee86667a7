package io.tidegate.gateway.log;

/**
 * The durable end of a key group.
 *
 * @param next the position behind the newest durable event
 * @param watermarkMs the watermark there; 0: none yet
 */
public record LogEnd(long next, long watermarkMs) {}
