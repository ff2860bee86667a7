package io.tidegate.spark;

import java.io.Serializable;

/**
 * What the stream of a gateway is made of: {@linkplain Slice slices} with events and, once in every batch, one
 * {@link Tick} with the time. Immutable and serializable.
 */
public sealed interface DoorRecord extends Serializable permits Slice, Tick {}
