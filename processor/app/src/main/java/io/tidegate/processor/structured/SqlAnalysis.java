package io.tidegate.processor.structured;

import io.tidegate.processor.query.expression.InvalidSqlException;
import io.tidegate.processor.query.expression.SparkSql;
import io.tidegate.spark.event.EventTable;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.AliasIdentifier;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnsupportedOperationChecker;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.EventTimeWatermark;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.unsafe.types.CalendarInterval;
import scala.Option;
import scala.runtime.AbstractPartialFunction;

/**
 * Checks a query as a session would, and without one unless there is a pipeline to load: Spark's parser, analyser and its
 * rules of what a stream can do, over streams with the columns of the tables.
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
        return columns(analyse(sql, watermark, mode));
    }

    /**
     * The columns of a query's rows after a {@link SavedPipeline}. Loading one takes a session: where none runs in this
     * process one is started, and stopped.
     *
     * @param folder of the pipeline
     * @param conf of that session
     * @throws InvalidSqlException in Spark's words, when there is no pipeline, or none for these rows as a stream
     */
    public static List<String> checkTransformed(
            String sql, Optional<SqlQuery.Watermark> watermark, SqlQuery.Mode mode, String folder, SparkConf conf)
            throws InvalidSqlException {
        LogicalPlan plan = analyse(sql, watermark, mode);
        Option<SparkSession> running = SparkSession.getDefaultSession();
        SparkSession spark = running.isDefined()
                ? running.get()
                : SparkSession.builder().config(conf).getOrCreate();
        try {
            SparkSession session = spark.newSession();
            Dataset<Row> rows = Dataset.ofRows((org.apache.spark.sql.classic.SparkSession) session, plan);
            Dataset<Row> transformed =
                    (Dataset<Row>) SavedPipeline.load(session, folder).transform(rows);
            LogicalPlan analysed = transformed.queryExecution().analyzed();
            UnsupportedOperationChecker.checkForStreaming(analysed, mode.spark());
            return columns(analysed);
        } catch (Exception e) { // Scala throws its checked ones unannounced
            throw InvalidSqlException.of(e);
        } finally {
            if (running.isEmpty()) {
                spark.stop();
            }
        }
    }

    private static List<String> columns(LogicalPlan plan) {
        return List.of(plan.schema().fieldNames());
    }

    private static LogicalPlan analyse(String sql, Optional<SqlQuery.Watermark> watermark, SqlQuery.Mode mode)
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
            return analysed;
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
