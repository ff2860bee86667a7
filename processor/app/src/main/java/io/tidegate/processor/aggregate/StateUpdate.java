package io.tidegate.processor.aggregate;

import io.tidegate.processor.result.Result;
import java.util.List;

/**
 * What a batch makes of a state.
 *
 * @param state the state after it
 * @param results what is to be published, by key in the order of their texts; per key in the order of publication
 */
public record StateUpdate<S extends GroupState>(S state, List<Result> results) {}
