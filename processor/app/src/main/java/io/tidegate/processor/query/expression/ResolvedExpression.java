package io.tidegate.processor.query.expression;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.MutableProjection;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampType;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A resolved expression.
 *
 * @param text as it was written
 * @param stages projections, each over the result of the one before, the first over the row of an event
 */
record ResolvedExpression(String text, List<Projection> stages) {

    /** The type of the result. */
    DataType type() {
        return stages.get(stages.size() - 1).expressions().head().dataType();
    }

    /** The columns of the row of an event that it looks at. */
    Set<String> columns() {
        Set<String> names = new LinkedHashSet<>();
        for (Expression expression : CollectionConverters.asJava(stages.get(0).expressions())) {
            expression.references().foreach(attribute -> names.add(attribute.name()));
        }
        return names;
    }

    boolean isPredicate() {
        return type() instanceof BooleanType;
    }

    boolean isNumber() {
        return type() instanceof NumericType;
    }

    /** Whether the result can be a column of a key, or an array of such. */
    boolean isKey() {
        return isScalar(type()) || (type() instanceof ArrayType array && isScalar(array.elementType()));
    }

    private static boolean isScalar(DataType type) {
        return type instanceof StringType
                || type instanceof NumericType
                || type instanceof BooleanType
                || type instanceof TimestampType
                || type instanceof DateType;
    }

    /** Compiles it; the result is for one thread. */
    CompiledExpression compile() {
        MutableProjection[] compiled = SparkSql.inDialect(
                () -> stages.stream().map(Projection::compile).toArray(MutableProjection[]::new));
        DataType type = type();
        return row -> run(compiled, row, type);
    }

    private static @Nullable Object run(MutableProjection[] projections, InternalRow row, DataType type) {
        InternalRow at = row;
        for (MutableProjection projection : projections) {
            at = projection.apply(at);
        }
        return at.isNullAt(0) ? null : at.get(0, type);
    }
}
