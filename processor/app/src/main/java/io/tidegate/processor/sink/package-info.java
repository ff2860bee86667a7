/**
 * Where results go: MQTT topics, tables, files and the console; and where those of a replay go instead.
 *
 * <p>Called by {@code dstream}, {@code structured} and {@code replay}. Calls {@code result} and the sinks of the connector.
 */
@NullMarked
package io.tidegate.processor.sink;

import org.jspecify.annotations.NullMarked;
