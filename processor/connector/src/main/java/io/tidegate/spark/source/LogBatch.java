package io.tidegate.spark.source;

import java.util.Optional;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.jspecify.annotations.Nullable;

/** One read of the retained log. Where it begins and ends is decided once, when Spark plans it. Driver, one thread. */
final class LogBatch implements Batch {

    private final SourceOptions options;
    private final EventReaderFactory readers;
    private InputPartition @Nullable [] planned;

    LogBatch(SourceOptions options, EventReaderFactory readers) {
        this.options = options;
        this.readers = readers;
    }

    /**
     * The tasks; asks the gateways at the first call.
     *
     * @throws io.tidegate.spark.client.GatewayUnavailableException when one does not answer
     * @throws DataLossException when the beginning is no longer in the log and that is not to be ignored
     */
    @Override
    public InputPartition[] planInputPartitions() {
        InputPartition[] tasks = planned;
        if (tasks == null) {
            Gateways gateways = new Gateways(options.gateways(), options.patience(), Optional.empty());
            LogOffset start = options.start().resolve("option startingOffsets", gateways);
            LogOffset end = options.end().orElse(OffsetSpec.Moving.LATEST).resolve("option endingOffsets", gateways);
            DataLossPolicy dataLoss = new DataLossPolicy(options.failOnDataLoss());
            tasks = new PartitionPlanner(options.partitionEvents(), dataLoss).between(start, end, gateways.known());
            planned = tasks;
        }
        return tasks;
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        return readers;
    }
}
