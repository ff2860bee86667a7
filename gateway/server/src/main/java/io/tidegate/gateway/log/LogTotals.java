package io.tidegate.gateway.log;

import java.util.Map;

/**
 * The log's totals at one moment, since the folder was begun. Laws: {@code logged = trimmed + retained}; {@code logged} is
 * the sum of the sources' {@link Tally#logged}; each tally keeps its own law.
 *
 * @param sources totals by source
 * @param logged events that got an offset
 * @param trimmed those of them that are gone, behind every group
 * @param retained those that are there
 */
public record LogTotals(Map<String, Tally> sources, long logged, long trimmed, long retained) {}
