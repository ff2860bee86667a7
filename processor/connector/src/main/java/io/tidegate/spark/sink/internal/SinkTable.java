package io.tidegate.spark.sink.internal;

import java.util.EnumSet;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;

/**
 * A table that streams with any columns are written to, and that can't be read.
 *
 * @param name for people
 * @param writes makes the writes of its batches
 */
public record SinkTable(String name, Writes writes) implements SupportsWrite {

    /** Makes writes, on the driver. Spark asks anew for every batch. */
    @FunctionalInterface
    public interface Writes {
        /**
         * A write.
         *
         * @param schema the columns of the query
         * @param query the id of the query, which is in its checkpoint
         * @throws IllegalArgumentException when the columns don't fit; the message says what is expected
         */
        SinkWrite of(StructType schema, String query);
    }

    @Override
    @SuppressWarnings("deprecation") // Spark asks for it first, and the columns that replace it are derived from it
    public StructType schema() {
        return new StructType();
    }

    @Override
    public Set<TableCapability> capabilities() {
        return EnumSet.of(TableCapability.STREAMING_WRITE, TableCapability.TRUNCATE, TableCapability.ACCEPT_ANY_SCHEMA);
    }

    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
        return writes.of(info.schema(), info.queryId());
    }
}
