package io.tidegate.spark.source;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The log of one or more gateways as a table that is read, once or as it grows. */
final class LogTable implements SupportsRead {

    private final Map<String, String> properties;
    private final SourceOptions options;

    /** @throws IllegalArgumentException when an option is wrong */
    LogTable(Map<String, String> properties) {
        this.properties = properties;
        options = SourceOptions.of(new CaseInsensitiveStringMap(properties));
    }

    @Override
    public String name() {
        return TidegateSource.NAME + " " + options.from().label();
    }

    @Override
    @SuppressWarnings("deprecation") // what columns(), which replaces it, falls back to
    public StructType schema() {
        return options.from().schema();
    }

    @Override
    public Set<TableCapability> capabilities() {
        return EnumSet.of(TableCapability.BATCH_READ, TableCapability.MICRO_BATCH_READ);
    }

    /** The options are the table's, and what a query says beyond them. */
    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap more) {
        Map<String, String> all = new HashMap<>(properties);
        all.keySet().removeIf(more::containsKey);
        all.putAll(more.asCaseSensitiveMap());
        return new LogScan(SourceOptions.of(new CaseInsensitiveStringMap(all)));
    }
}
