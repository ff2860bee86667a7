package io.tidegate.spark.source;

import io.tidegate.spark.internal.FormatOptions;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The data source {@code tidegate}. Spark makes one by its name, once per {@code load()}, on the driver. The columns depend
 * on the option {@code from} alone, so {@code load()} works while no gateway runs.
 */
public final class TidegateSource implements TableProvider, DataSourceRegister {

    /** The name in {@code format(...)} and {@code USING}. */
    static final String NAME = "tidegate";

    @Override
    public String shortName() {
        return NAME;
    }

    /** @throws IllegalArgumentException when {@code from} names no table */
    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        return new OptionReader(new FormatOptions(NAME, options)).from().schema();
    }

    /** @throws IllegalArgumentException when an option is wrong */
    @Override
    public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        return new LogTable(properties);
    }
}
