package io.tidegate.spark.sink.internal;

import io.tidegate.spark.internal.FormatOptions;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A sink that a query names in {@code format(…)}. Spark makes one when the query starts. */
public abstract class SinkProvider implements TableProvider, DataSourceRegister {

    private final String name;

    /**
     * A sink.
     *
     * @param name what {@code format(…)} calls it
     */
    protected SinkProvider(String name) {
        this.name = name;
    }

    /**
     * Makes the writes of a query that starts.
     *
     * @throws IllegalArgumentException when an option is wrong; the message says what is expected
     */
    public abstract SinkTable.Writes open(FormatOptions options);

    @Override
    public final String shortName() {
        return name;
    }

    @Override
    public final StructType inferSchema(CaseInsensitiveStringMap options) {
        return new StructType();
    }

    @Override
    public final Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        return new SinkTable(name, open(new FormatOptions(name, new CaseInsensitiveStringMap(properties))));
    }
}
