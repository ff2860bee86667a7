package io.tidegate.spark.event;

import java.io.Serializable;

/**
 * The time of one key group.
 *
 * @param watermarkMs greatest event time less the bound on disorder; milliseconds, 0: none yet
 * @param seenThroughMs a time of the gateway's clock: everything received before it has been seen; milliseconds, 0: none
 *     yet
 */
public record KeyGroupTime(long watermarkMs, long seenThroughMs) implements Serializable {}
