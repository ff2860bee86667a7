package io.tidegate.processor.sql;

import io.tidegate.processor.query.Sql;
import io.tidegate.processor.query.SqlMistake;
import io.tidegate.spark.event.EventTable;
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
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.CalendarInterval;
import scala.runtime.AbstractPartialFunction;

/**
 * Checks a query as a session would, without one: Spark's parser, analyser and its rules of what a stream can do, over
 * streams with the columns of the tables.
 */
final class Analysis {

    private static final long MICROS = 1_000;

    private Analysis() {}

    /**
     * The columns of a query's rows.
     *
     * @throws SqlMistake in Spark's words, when a session would refuse the query
     */
    static StructType check(String sql, Optional<SqlQuery.Watermark> watermark, SqlQuery.Mode mode) throws SqlMistake {
        try {
            LogicalPlan parsed = Sql.inDialect(() -> CatalystSqlParser$.MODULE$.parsePlan(sql));
            if (parsed instanceof Command) {
                throw new SqlMistake("it must be a SELECT");
            }
            Sql.requireKnownFunctions(parsed);
            LogicalPlan analysed =
                    Sql.inDialect(() -> Sql.analyse(parsed.transformUpWithSubqueries(new Tables(watermark))));
            if (!analysed.isStreaming()) {
                throw new SqlMistake("it must read readings or requests");
            }
            UnsupportedOperationChecker.checkForStreaming(analysed, mode.spark());
            return analysed.schema();
        } catch (SqlMistake e) {
            throw e;
        } catch (Exception e) { // Scala throws its checked ones unannounced
            throw SqlMistake.of(e);
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
            LogicalPlan stream = Sql.stream(table);
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
