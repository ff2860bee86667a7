package io.tidegate.spark.source;

import io.tidegate.spark.event.EventColumn;
import io.tidegate.spark.event.EventTable;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/**
 * What an executor must know to read its share: sent from the driver with every batch.
 *
 * @param from the table whose events are rows
 * @param columns the names of the columns that are wanted, in this order
 * @param failOnDataLoss as in {@link SourceOptions}
 * @param patience as in {@link SourceOptions}
 */
record EventReaderFactory(EventTable from, List<String> columns, boolean failOnDataLoss, Duration patience)
        implements PartitionReaderFactory {

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
        return partition instanceof TickPartition tick
                ? new TickPartition.Reader(tick, columns)
                : new EventReader((LogPartition) partition, this);
    }

    /** The columns that are wanted. */
    List<EventColumn> wanted() {
        return columns.stream().map(name -> from.column(name).orElseThrow()).toList();
    }
}
