package io.tidegate.processor.settings;

import io.tidegate.processor.query.AggregateFunction;
import io.tidegate.processor.query.ByColumn;
import io.tidegate.processor.query.Durations;
import io.tidegate.processor.query.Engine;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.Target;
import io.tidegate.processor.query.expression.InvalidSqlException;
import io.tidegate.processor.query.expression.SparkSql;
import io.tidegate.processor.query.expression.TypedExpressions;
import io.tidegate.settings.Section;
import io.tidegate.spark.event.EventTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads {@code queries = [ … ]}. Every mistake is recorded in its section and a harmless value goes on in its place, so
 * that all of them are found at once.
 */
public final class QueryReader {

    private static final Duration MIN_DURATION = Duration.ofMillis(1);
    private static final Duration MAX_DURATION = Duration.ofDays(366);
    private static final String KINDS = "sessions, totals, window, top, counts, anomaly or sql";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.~-]{0,63}";

    private static final String MAX_KEYS = "max-keys";

    /** How often the window of an anomaly query slides over its length, and the most that it may. */
    private static final int SLIDES = 12;

    private static final int MOST_SLIDES = 120;
    /** Further from the median than any value of a normal distribution, but one in 500 million. */
    private static final double THRESHOLD = 6;

    private final long batchMs;
    private final int maxKeys;

    private QueryReader(Duration batchInterval, int maxKeys) {
        batchMs = batchInterval.toMillis();
        this.maxKeys = maxKeys;
    }

    /**
     * All queries, in their order.
     *
     * @param sections one for each query
     * @param maxKeys how many keys a query may keep that does not say so itself
     */
    public static List<Query> read(List<Section> sections, Duration batchInterval, int maxKeys) {
        QueryReader reader = new QueryReader(batchInterval, maxKeys);
        return sections.stream().map(reader::query).toList();
    }

    /** Reads the name of a query of any kind. */
    public static String name(Section section) {
        String name = section.string("name");
        if (!name.matches(NAME)) {
            section.mistake("name", "1 to 64 of A-Z a-z 0-9 _ . ~ -, as it becomes a level of topics");
        }
        return name;
    }

    private Query query(Section section) {
        String name = name(section);
        EventTable from = section.choice("from", EventTable.class);
        QueryKind kind = kind(section);
        if (from == EventTable.REQUESTS && kind instanceof QueryKind.Sessions && section.has("value")) {
            section.mistake("value", "nothing: sessions of requests have pages, bytes and errors");
        }
        boolean eitherEngine = Engine.isChoiceOf(kind.label());
        if (!eitherEngine && section.has("engine")) {
            section.mistake("engine", "nothing: only sessions and anomaly run on either engine");
        }
        if (eitherEngine && Engine.read(section) == Engine.DSTREAMS) {
            for (String pace : List.of("trigger", "max-events")) {
                if (section.has(pace)) {
                    section.mistake(pace, "engine = structured beside it: on DStreams batch-interval says it for all");
                }
            }
        }
        return new Query(name, rows(section, from), kind, Target.read(section));
    }

    private static RowExpressions rows(Section section, EventTable from) {
        String where = section.optionalString("where").orElse("");
        if (!where.isBlank()) {
            check(section, "where", where, text -> TypedExpressions.predicate(from, text));
        }
        String value = section.optionalString("value").orElse(from.defaultValue());
        if (!value.equals(from.defaultValue())) {
            check(section, "value", value, text -> TypedExpressions.number(from, text));
        }
        return new RowExpressions(from, where, by(section, from), value);
    }

    private static List<ByColumn> by(Section section, EventTable from) {
        List<ByColumn> by = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String entry : section.has("by") ? section.strings("by") : List.<String>of()) {
            try {
                ByColumn column = SparkSql.byColumn(from, entry);
                if (from.column(entry).isEmpty()) {
                    var unused = TypedExpressions.key(from, entry);
                }
                by.add(column);
                if (!seen.add(column.name())) {
                    section.mistake("by", "every column once, " + column.name() + " is there twice");
                }
            } catch (InvalidSqlException e) {
                section.mistake(
                        "by",
                        "columns (" + from.columnNames() + ") or \"<expression> AS name\"; " + entry + ": "
                                + e.getMessage());
            }
        }
        return by;
    }

    /** Something that refuses an expression. */
    private interface Check {
        Object of(String text) throws InvalidSqlException;
    }

    private static void check(Section section, String key, String text, Check check) {
        try {
            check.of(text);
        } catch (InvalidSqlException e) {
            section.mistake(key, "an expression of Spark SQL; " + text + ": " + e.getMessage());
        }
    }

    private QueryKind kind(Section section) {
        return switch (section.string("kind")) {
            case "sessions" -> sessions(section);
            case "totals" ->
                new QueryKind.Totals(
                        millis(section, "emit-every", batchMs),
                        maxKeys(section),
                        section.has("forget-after") ? millis(section, "forget-after") : QueryKind.UNBOUNDED);
            case "counts" -> new QueryKind.Counts();
            case "window" -> new QueryKind.Window(window(section), slide(section), compute(section));
            case "top" -> new QueryKind.Top(window(section), slide(section), section.integer("limit", 1, 10_000));
            case "anomaly" -> anomaly(section);
            default -> refused(section, KINDS);
        };
    }

    private QueryKind sessions(Section section) {
        return new QueryKind.Sessions(
                millis(section, "gap"),
                millis(section, "allowed-lateness", 60_000),
                millis(section, "emit-every", batchMs),
                maxKeys(section));
    }

    private QueryKind anomaly(Section section) {
        long window = millis(section, "window");
        long slide = section.has("slide") ? millis(section, "slide") : Math.max(1, window / SLIDES);
        if (section.has("window") && (slide > window || window / slide > MOST_SLIDES)) {
            section.mistake("slide", "from 1/" + MOST_SLIDES + " of the window to the window");
        }
        double threshold = section.has("threshold") ? section.number("threshold", 0.1, 1_000) : THRESHOLD;
        double normal = section.has("recover-below") ? section.number("recover-below", 0.1, threshold) : threshold / 2;
        QueryKind.Anomaly.Thresholds thresholds = new QueryKind.Anomaly.Thresholds(
                threshold, normal, count(section, "min-length", 1), count(section, "recover-after", 10));
        double deviation = section.has("min-deviation") ? section.number("min-deviation", 0, Double.MAX_VALUE) : 0;
        return new QueryKind.Anomaly(
                window, slide, count(section, "warm-up", 30), deviation, thresholds, maxKeys(section));
    }

    private static int count(Section section, String key, int otherwise) {
        return section.has(key) ? section.integer(key, 1, 1_000) : otherwise;
    }

    private int maxKeys(Section section) {
        return section.has(MAX_KEYS) ? section.integer(MAX_KEYS, 1, Integer.MAX_VALUE) : maxKeys;
    }

    private static QueryKind refused(Section section, String expected) {
        section.mistake("kind", expected);
        return new QueryKind.Counts();
    }

    private static long millis(Section section, String key) {
        return section.duration(key, MIN_DURATION, MAX_DURATION).toMillis();
    }

    private static long millis(Section section, String key, long otherwise) {
        return section.has(key)
                ? section.duration(key, Duration.ZERO, MAX_DURATION).toMillis()
                : otherwise;
    }

    private long window(Section section) {
        return multiple(section, "window");
    }

    private long slide(Section section) {
        long slide = section.has("slide") ? multiple(section, "slide") : batchMs;
        if (section.has("slide") && section.has("window") && slide > millis(section, "window")) {
            section.mistake("slide", "no more than the window");
        }
        return slide;
    }

    private long multiple(Section section, String key) {
        long ms = millis(section, key);
        if (section.has(key) && ms % batchMs != 0) {
            section.mistake(
                    key,
                    "a multiple of batch-interval " + Durations.text(batchMs) + ": " + Durations.nearest(ms, batchMs));
        }
        return ms % batchMs == 0 ? ms : batchMs;
    }

    private static List<AggregateFunction> compute(Section section) {
        Set<AggregateFunction> compute = EnumSet.noneOf(AggregateFunction.class);
        for (String name : section.has("compute") ? section.strings("compute") : List.of("count")) {
            Arrays.stream(AggregateFunction.values())
                    .filter(a -> a.label().equals(name))
                    .findFirst()
                    .ifPresentOrElse(compute::add, () -> section.mistake("compute", "any of " + known()));
        }
        return List.copyOf(compute);
    }

    private static String known() {
        return Arrays.stream(AggregateFunction.values())
                .map(AggregateFunction::label)
                .collect(Collectors.joining(", "));
    }
}
