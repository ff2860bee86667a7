package io.tidegate.processor.structured;

import io.tidegate.processor.result.Result;
import java.io.Serializable;
import java.util.List;

/**
 * What a key has to say in a micro-batch. Public because Spark's encoders want it so.
 *
 * @param batchMs the batch's time
 * @param results to be published, in order
 * @param late events that came too late to count
 * @param dropped whether the key was forgotten before its time, because there are too many
 */
public record KeyedUpdate(long batchMs, List<Result> results, long late, boolean dropped) implements Serializable {}
