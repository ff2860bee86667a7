/**
 * What several packages of the connector share: the check of a format's options, and the pauses between attempts.
 *
 * <p>The packages {@code client.internal}, {@code source} and {@code sink} call it. It calls nothing of the connector.
 */
@NullMarked
package io.tidegate.spark.internal;

import org.jspecify.annotations.NullMarked;
