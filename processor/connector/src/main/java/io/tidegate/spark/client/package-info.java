/**
 * The failures of a conversation with a gateway that a job may want to catch.
 *
 * <p>The packages {@code client.internal}, {@code dstream} and {@code source} throw them. It calls nothing.
 */
@NullMarked
package io.tidegate.spark.client;

import org.jspecify.annotations.NullMarked;
