package io.tidegate.simulator.oracle;

import io.tidegate.simulator.scenario.Fault;
import java.util.Set;

/**
 * A fault that struck a key of a query.
 *
 * @param fault a spike, a drift or a dropout
 * @param timesMs event times of the readings in which it shows, epoch milliseconds: of a spike its reading, of a drift
 *     every reading from its begin, and of a dropout the first reading after what was lost
 */
public record InjectedFault(Fault fault, String key, Set<Long> timesMs) {}
