package io.tidegate.processor.query.expression;

import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.MutableProjection;
import scala.collection.immutable.Seq;

/**
 * One projection of a resolved expression.
 *
 * @param expressions what comes out
 * @param input the attributes of the row that goes in, in its order
 */
record Projection(Seq<Expression> expressions, Seq<Attribute> input) {

    MutableProjection compile() {
        return MutableProjection.create(expressions, input);
    }
}
