/**
 * Queries in SQL, on Structured Streaming: reading them, checking them without a session, running them beside the DStream
 * job, and one sink that writes each row to all the places of a query.
 *
 * <p>Uses the connector's source and sinks; is used by io.tidegate.processor.
 */
@NullMarked
package io.tidegate.processor.sql;

import org.jspecify.annotations.NullMarked;
