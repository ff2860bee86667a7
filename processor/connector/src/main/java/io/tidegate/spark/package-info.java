/**
 * The Spark connector of a Tidegate gateway; its classes are in the packages below, and docs/spark-connector.md lists those that
 * a job may use.
 *
 * <p>Events come in through {@code client}, become DStreams in {@code dstream} and tables in {@code source}, and {@code event}
 * is what they look like there; results go out through {@code sink.mqtt} and {@code sink.jdbc}. A package named
 * {@code internal} is for the connector and for Tidegate's own processor, and changes without notice.
 */
@NullMarked
package io.tidegate.spark;

import org.jspecify.annotations.NullMarked;
