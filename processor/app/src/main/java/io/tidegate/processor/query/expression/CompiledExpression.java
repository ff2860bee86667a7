package io.tidegate.processor.query.expression;

import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;

/** An expression that is ready to run, on one thread. */
@FunctionalInterface
interface CompiledExpression {

    /** The result in Catalyst's own types; a plain column's text may be a String. */
    @Nullable
    Object of(InternalRow row);
}
