package io.tidegate.processor.query.expression;

import io.tidegate.processor.query.ByColumn;
import io.tidegate.spark.event.EventColumn;
import io.tidegate.spark.event.EventTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.QueryPlanningTracker;
import org.apache.spark.sql.catalyst.analysis.Analyzer;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.TableFunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.catalog.InMemoryCatalog;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.optimizer.ReplaceExpressions$;
import org.apache.spark.sql.catalyst.optimizer.RewriteWithExpression$;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.trees.TreePattern$;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.internal.SQLConf$;
import org.apache.spark.sql.types.Metadata;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Spark SQL expressions over the columns of a {@link EventTable}, without a session: Catalyst's parser and analyser are all
 * that is needed. The dialect is Spark's with ANSI mode off (an impossible cast gives null: one odd event must not stop
 * a stream) and UTC as the zone. Thread-safe.
 */
public final class SparkSql {

    private static final String ALONE =
            "it must look at one event alone: no aggregates, windows, generators or subqueries";
    private static final SQLConf DIALECT = dialect();
    private static final FunctionRegistry FUNCTIONS = FunctionRegistry$.MODULE$.builtin();
    private static final Analyzer ANALYZER = new Analyzer(new SessionCatalog(
            new InMemoryCatalog(new SparkConf(false), new Configuration(false)),
            FUNCTIONS,
            TableFunctionRegistry$.MODULE$.builtin()));
    private static final Map<EventTable, List<Attribute>> COLUMNS = columns();

    private SparkSql() {}

    /** Runs under the dialect: Catalyst reads its settings from the thread. */
    public static <T> T inDialect(Supplier<T> work) {
        return SQLConf$.MODULE$.withExistingConf(DIALECT, work::get);
    }

    /**
     * Parses one entry of {@code by}: a column, or {@code <expression> AS name}.
     *
     * @throws InvalidSqlException when it is no expression, or one without a name
     */
    public static ByColumn byColumn(EventTable from, String entry) throws InvalidSqlException {
        Optional<EventColumn> column = from.column(entry);
        if (column.isPresent()) {
            return new ByColumn(column.get().name(), column.get().name());
        }
        if (parse(entry) instanceof Alias alias) {
            return new ByColumn(alias.name(), entry.strip());
        }
        resolve(from, entry);
        throw new InvalidSqlException("an expression needs a name: \"" + entry + " AS name\"");
    }

    /**
     * Parses and resolves an expression.
     *
     * @throws InvalidSqlException when it is none, names what is not there, or would not give the same answer twice
     */
    static ResolvedExpression resolve(EventTable from, String text) throws InvalidSqlException {
        Expression parsed = parse(text);
        LogicalPlan plan;
        try {
            plan = inDialect(() -> analyse(from, parsed instanceof Alias alias ? alias.child() : parsed));
        } catch (RuntimeException e) {
            throw InvalidSqlException.of(e);
        } catch (Exception e) { // Scala throws AnalysisException unannounced
            throw InvalidSqlException.of(e);
        }
        return new ResolvedExpression(text, stages(plan));
    }

    private static Expression parse(String text) throws InvalidSqlException {
        Expression parsed;
        try {
            parsed = inDialect(() -> CatalystSqlParser$.MODULE$.parseExpression(text));
        } catch (Exception e) { // Scala throws ParseException unannounced
            throw InvalidSqlException.of(e);
        }
        requireKnownFunctions(parsed);
        return parsed;
    }

    /** The analyser would look for unknown functions in a catalogue that isn't there. */
    private static void requireKnownFunctions(Expression expression) throws InvalidSqlException {
        if (expression instanceof UnresolvedFunction function) {
            String name = String.join(".", CollectionConverters.asJava(function.nameParts()));
            if (!FUNCTIONS.functionExists(new FunctionIdentifier(name.toLowerCase(Locale.ROOT)))) {
                throw new InvalidSqlException("there is no function " + name + " in Spark SQL");
            }
        }
        for (Expression child : CollectionConverters.asJava(expression.children())) {
            requireKnownFunctions(child);
        }
    }

    /** A stream with the columns of a table, and no rows. */
    public static LogicalPlan stream(EventTable table) {
        return new LocalRelation(seq(Objects.requireNonNull(COLUMNS.get(table))), seq(List.of()), true, Option.empty());
    }

    /** Resolves a plan, and checks it. Throws Catalyst's exceptions. */
    public static LogicalPlan analyse(LogicalPlan plan) {
        return ANALYZER.executeAndCheck(plan, new QueryPlanningTracker(Option.empty()));
    }

    /**
     * Looks at every function in a plan that is not resolved yet.
     *
     * @throws InvalidSqlException when one is not Spark's
     */
    public static void requireKnownFunctions(LogicalPlan plan) throws InvalidSqlException {
        for (Expression expression : CollectionConverters.asJava(plan.expressions())) {
            requireKnownFunctions(expression);
        }
        for (LogicalPlan child : CollectionConverters.asJava(plan.children())) {
            requireKnownFunctions(child);
        }
    }

    private static LogicalPlan analyse(EventTable from, Expression expression) {
        NamedExpression named = new Alias(
                expression,
                "result",
                NamedExpression$.MODULE$.newExprId(),
                seq(List.of()),
                Option.empty(),
                seq(List.of()));
        LogicalPlan rows = new LocalRelation(
                seq(Objects.requireNonNull(COLUMNS.get(from))), seq(List.of()), false, Option.empty());
        LogicalPlan analysed = analyse(new Project(seq(List.of(named)), rows));
        if (analysed.containsPattern(TreePattern$.MODULE$.CURRENT_LIKE())) {
            return analysed; // refused in stages()
        }
        return RewriteWithExpression$.MODULE$.apply(ReplaceExpressions$.MODULE$.apply(analysed));
    }

    /** The projections from the row of an event up to the result; usually one. */
    private static List<Projection> stages(LogicalPlan plan) throws InvalidSqlException {
        List<Projection> stages = new ArrayList<>();
        LogicalPlan at = plan;
        while (at instanceof Project project) {
            List<Expression> expressions = new ArrayList<>();
            for (NamedExpression named : CollectionConverters.asJava(project.projectList())) {
                expressions.add((Expression) named);
            }
            requirePure(expressions);
            stages.add(0, new Projection(seq(expressions), project.child().output()));
            at = project.child();
        }
        if (!(at instanceof LocalRelation)) {
            throw new InvalidSqlException(ALONE);
        }
        return List.copyOf(stages);
    }

    private static void requirePure(List<Expression> expressions) throws InvalidSqlException {
        for (Expression e : expressions) {
            if (e.containsPattern(TreePattern$.MODULE$.PLAN_EXPRESSION())) {
                throw new InvalidSqlException(ALONE);
            }
            if (!e.deterministic() || e.containsPattern(TreePattern$.MODULE$.CURRENT_LIKE())) {
                throw new InvalidSqlException(
                        "it must give the same answer when a batch runs again: no clock, no random numbers");
            }
        }
    }

    private static Map<EventTable, List<Attribute>> columns() {
        Map<EventTable, List<Attribute>> columns = new EnumMap<>(EventTable.class);
        for (EventTable table : EventTable.values()) {
            columns.put(
                    table,
                    table.columns().stream()
                            .<Attribute>map(c -> new AttributeReference(
                                    c.name(),
                                    c.type(),
                                    true,
                                    Metadata.empty(),
                                    NamedExpression$.MODULE$.newExprId(),
                                    seq(List.of())))
                            .toList());
        }
        return columns;
    }

    private static SQLConf dialect() {
        SQLConf conf = new SQLConf();
        conf.setConfString("spark.sql.ansi.enabled", "false");
        conf.setConfString("spark.sql.session.timeZone", "UTC");
        return conf;
    }

    private static <T> Seq<T> seq(List<? extends T> list) {
        return CollectionConverters.<T>asScala(List.<T>copyOf(list)).toSeq();
    }
}
