package io.tidegate.processor.structured;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.Generator;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Nondeterministic;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.catalyst.expressions.SessionWindow;
import org.apache.spark.sql.catalyst.expressions.TimeWindow;
import org.apache.spark.sql.catalyst.expressions.TryEval;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.WindowFunction;
import org.apache.spark.sql.catalyst.expressions.WindowTime;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.trees.TreeNodeTag;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Spark's functions of one row, made to give null where they would throw: {@code url_decode('%zz')} is what {@code
 * try_url_decode('%zz')} is. So are the functions of saved pipelines. In a stream an error would fail the query on that
 * event, and on the same event again at every start. With ANSI mode off, casts and operators give null by themselves.
 *
 * <p>Calls of functions are marked as they are looked up, and wrapped when the query is analysed: so columns without a
 * name are called what Spark calls them.
 */
final class NullOnError {

    private static final TreeNodeTag<Boolean> OF_ONE_ROW = new TreeNodeTag<>("tidegate-of-one-row");

    private static final TreeNodeTag<Boolean> WRAPPED = new TreeNodeTag<>("tidegate-wrapped");

    private NullOnError() {}

    /** What {@code session.sql} gives, without failing on a row. */
    static Dataset<Row> sql(SparkSession session, String query) {
        org.apache.spark.sql.classic.SparkSession classic = (org.apache.spark.sql.classic.SparkSession) session;
        mark(classic.sessionState().functionRegistry());
        return wrap(classic.sql(query));
    }

    /** The same rows, without failing on one. Of functions in SQL only those are wrapped that {@link #sql} has marked. */
    static Dataset<Row> wrap(Dataset<Row> rows) {
        var classic = (org.apache.spark.sql.classic.Dataset<Row>) rows;
        LogicalPlan safe = classic.queryExecution().analyzed().transformUpWithSubqueries(new InPlan());
        return org.apache.spark.sql.classic.Dataset.ofRows(classic.sparkSession(), safe);
    }

    private static void mark(FunctionRegistry functions) {
        for (FunctionIdentifier name : CollectionConverters.asJava(functions.listFunction())) {
            ExpressionInfo info = functions.lookupFunction(name).get();
            Function1<Seq<Expression>, Expression> function =
                    functions.lookupFunctionBuilder(name).get();
            functions.registerFunction(name, info, arguments -> {
                Expression call = function.apply(arguments);
                if (isOfOneRow(call) && !isConstant(arguments)) {
                    call.setTagValue(OF_ONE_ROW, true);
                }
                return call;
            });
        }
    }

    /** What has no column in it fails at the start or never. */
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
                || (call instanceof Unevaluable && !(call instanceof RuntimeReplaceable));
        return !isOfManyRows && !isOfTheAnalyser && !(call instanceof Nondeterministic);
    }

    private static final class InPlan extends AbstractPartialFunction<LogicalPlan, LogicalPlan> {
        @Override
        public boolean isDefinedAt(LogicalPlan plan) {
            return true;
        }

        @Override
        public LogicalPlan apply(LogicalPlan plan) {
            return plan.transformExpressionsUp(new InExpression());
        }
    }

    private static final class InExpression extends AbstractPartialFunction<Expression, Expression> {
        @Override
        public boolean isDefinedAt(Expression expression) {
            boolean canThrow = expression.getTagValue(OF_ONE_ROW).isDefined() || expression instanceof ScalaUDF;
            return canThrow && expression.getTagValue(WRAPPED).isEmpty();
        }

        @Override
        public Expression apply(Expression call) {
            call.setTagValue(WRAPPED, true);
            return new TryEval(call);
        }
    }
}
