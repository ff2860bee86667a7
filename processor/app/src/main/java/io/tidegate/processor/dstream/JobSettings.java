package io.tidegate.processor.dstream;

import io.tidegate.processor.sink.Sinks;
import io.tidegate.spark.dstream.GatewayOptions;
import java.time.Duration;

/**
 * What a job needs beside its plan.
 *
 * @param batchInterval how long events gather
 * @param door how the gateway is pulled
 * @param sinks where results go; not part of any checkpoint
 */
public record JobSettings(Duration batchInterval, GatewayOptions door, Sinks sinks) {}
