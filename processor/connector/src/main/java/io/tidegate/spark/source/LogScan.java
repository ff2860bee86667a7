package io.tidegate.spark.source;

import java.util.List;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.types.StructType;

/** What one query wants of the log, once or as it grows: all columns, unless Spark says which. */
final class LogScan implements Scan, SupportsPushDownRequiredColumns {

    private final SourceOptions options;
    private StructType columns;

    LogScan(SourceOptions options) {
        this.options = options;
        columns = options.from().schema();
    }

    @Override
    public void pruneColumns(StructType required) {
        columns = required;
    }

    @Override
    public Scan build() {
        return this;
    }

    @Override
    public StructType readSchema() {
        return columns;
    }

    @Override
    public String description() {
        return TidegateSource.NAME + " " + options.from().label() + " of " + String.join(", ", options.gateways());
    }

    /** @throws IllegalArgumentException when an option makes sense for a stream only */
    @Override
    public Batch toBatch() {
        return new LogBatch(options.checkedForBatch(), readers());
    }

    /** @throws IllegalArgumentException when an option makes sense for a batch only */
    @Override
    public MicroBatchStream toMicroBatchStream(String checkpoint) {
        return new LogStream(options.checkedForStream(), checkpoint, readers());
    }

    @Override
    public CustomMetric[] supportedCustomMetrics() {
        return new CustomMetric[] {new SkippedEventsMetric()};
    }

    private EventReaderFactory readers() {
        return new EventReaderFactory(
                options.from(), List.of(columns.fieldNames()), options.failOnDataLoss(), options.patience());
    }
}
