package io.tidegate.processor.structured;

import io.tidegate.processor.query.expression.InvalidSqlException;
import io.tidegate.processor.query.expression.SparkSql;
import io.tidegate.spark.event.EventTable;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.catalyst.AliasIdentifier;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnsupportedOperationChecker;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.EventTimeWatermark;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.unsafe.types.CalendarInterval;
import scala.runtime.AbstractPartialFunction;

/**
 * Checks a query as a session would, without one: Spark's parser, analyser and its rules of what a stream can do, over
 * streams with the columns of the tables.
 */
public final class SqlAnalysis {

    private static final long MICROS = 1_000;

    private SqlAnalysis() {}

    /**
     * The columns of a query's rows.
     *
     * @throws InvalidSqlException in Spark's words, when a session would refuse the query
     */
    public static List<String> check(String sql, Optional<SqlQuery.Watermark> watermark, SqlQuery.Mode mode)
            throws InvalidSqlException {
        try {
            LogicalPlan parsed = SparkSql.inDialect(() -> CatalystSqlParser$.MODULE$.parsePlan(sql));
            if (parsed instanceof Command) {
                throw new InvalidSqlException("it must be a SELECT");
            }
            SparkSql.requireKnownFunctions(parsed);
            LogicalPlan analysed =
                    SparkSql.inDialect(() -> SparkSql.analyse(parsed.transformUpWithSubqueries(new Tables(watermark))));
            if (!analysed.isStreaming()) {
                throw new InvalidSqlException("it must read readings or requests");
            }
            UnsupportedOperationChecker.checkForStreaming(analysed, mode.spark());
            return List.of(analysed.schema().fieldNames());
        } catch (InvalidSqlException e) {
            throw e;
        } catch (Exception e) { // Scala throws its checked ones unannounced
            throw InvalidSqlException.of(e);
        }
    }

    /** Puts streams in the places of the tables. */
    private static final class Tables extends AbstractPartialFunction<LogicalPlan, LogicalPlan> {
        private final Optional<SqlQuery.Watermark> watermark;

        Tables(Optional<SqlQuery.Watermark> watermark) {
            this.watermark = watermark;
        }

        @Override
        public boolean isDefinedAt(LogicalPlan plan) {
            return table(plan).isPresent();
        }

        @Override
        public LogicalPlan apply(LogicalPlan plan) {
            EventTable table = table(plan).orElseThrow();
            LogicalPlan stream = SparkSql.stream(table);
            return new SubqueryAlias(
                    new AliasIdentifier(table.label()),
                    watermark.map(mark -> late(mark, stream)).orElse(stream));
        }

        private static LogicalPlan late(SqlQuery.Watermark mark, LogicalPlan stream) {
            return new EventTimeWatermark(
                    UUID.randomUUID(),
                    UnresolvedAttribute.quoted(mark.column()),
                    new CalendarInterval(0, 0, mark.delay().toMillis() * MICROS),
                    stream);
        }

        private static Optional<EventTable> table(LogicalPlan plan) {
            return plan instanceof UnresolvedRelation relation ? EventTable.named(relation.name()) : Optional.empty();
        }
    }
}
