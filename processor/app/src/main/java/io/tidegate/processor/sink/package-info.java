/**
 * Where results go beside MQTT: tables of a database, and files.
 *
 * <p>Uses {@code query}, {@code result} and the connector's tables. Used by the job.
 */
@NullMarked
package io.tidegate.processor.sink;

import org.jspecify.annotations.NullMarked;
