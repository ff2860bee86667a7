package io.tidegate.spark.source;

import io.tidegate.spark.client.internal.OffsetRange;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * A task's share of a batch.
 *
 * @param gateway the id of the gateway
 * @param address where it answered the driver
 * @param ranges what is read, in this order
 */
record LogPartition(String gateway, String address, List<OffsetRange> ranges) implements InputPartition {}
