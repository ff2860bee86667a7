package io.tidegate.processor.sql;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.Generator;
import org.apache.spark.sql.catalyst.expressions.HigherOrderFunction;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Nondeterministic;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.SessionWindow;
import org.apache.spark.sql.catalyst.expressions.TimeWindow;
import org.apache.spark.sql.catalyst.expressions.TryEval;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.WindowFunction;
import org.apache.spark.sql.catalyst.expressions.WindowTime;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Spark's functions of one row, made to give null where they would throw: {@code url_decode('%zz')} is what {@code
 * try_url_decode('%zz')} is. In a stream an error would fail the query on that event, and on the same event again at every
 * start. With ANSI mode off, casts and operators give null by themselves.
 */
final class NullOnError {

    private NullOnError() {}

    /** From now on, queries that this session parses don't fail on a row. Other sessions are as they were. */
    static void in(SparkSession session) {
        FunctionRegistry functions = ((org.apache.spark.sql.classic.SparkSession) session)
                .sessionState()
                .functionRegistry();
        for (FunctionIdentifier name : CollectionConverters.asJava(functions.listFunction())) {
            ExpressionInfo info = functions.lookupFunction(name).get();
            Function1<Seq<Expression>, Expression> function =
                    functions.lookupFunctionBuilder(name).get();
            functions.registerFunction(name, info, arguments -> {
                Expression call = function.apply(arguments);
                return isOfOneRow(call) && !isConstant(arguments) ? new TryEval(call) : call;
            });
        }
    }

    /** What has no column in it fails at the start or never; options must stay the maps that they are. */
    private static boolean isConstant(Seq<Expression> arguments) {
        return CollectionConverters.asJava(arguments).stream().allMatch(Literal.class::isInstance);
    }

    private static boolean isOfOneRow(Expression call) {
        boolean isOfManyRows = call instanceof AggregateFunction
                || call instanceof AggregateExpression
                || call instanceof WindowFunction
                || call instanceof Generator;
        boolean isOfTheAnalyser = call instanceof TimeWindow
                || call instanceof SessionWindow
                || call instanceof WindowTime
                || call instanceof HigherOrderFunction // its lambda is looked for where it stands
                || (call instanceof Unevaluable && !(call instanceof RuntimeReplaceable));
        return !isOfManyRows && !isOfTheAnalyser && !(call instanceof Nondeterministic);
    }
}
