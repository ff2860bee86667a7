package io.tidegate.spark.event;

import java.io.Serializable;

/**
 * What the stream of a gateway is made of: {@linkplain EventChunk chunks} with events and, once in every batch, one
 * {@link Tick} with the time. Immutable and serializable.
 */
public sealed interface StreamElement extends Serializable permits EventChunk, Tick {}
