package io.tidegate.processor.job;

import io.tidegate.spark.GatewayOptions;
import io.tidegate.spark.mqtt.MqttTarget;
import java.time.Duration;

/**
 * What a job needs beside its plan.
 *
 * @param batchInterval how long events gather
 * @param door how the gateway is pulled
 * @param broker where results go; not part of any checkpoint
 * @param stopTimeout how long draining may take
 */
public record JobSettings(Duration batchInterval, GatewayOptions door, MqttTarget broker, Duration stopTimeout) {}
