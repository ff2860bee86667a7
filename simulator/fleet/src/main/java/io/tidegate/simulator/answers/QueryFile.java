package io.tidegate.simulator.answers;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.tidegate.settings.Section;
import io.tidegate.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the queries of a {@code processor.conf}; whether they are right is for the processor to say. */
public final class QueryFile {
    private static final String ROOT = "tidegate.processor";
    private static final Set<String> READINGS = Set.of("device", "metric", "value", "unit", "seq");
    private static final Set<String> REQUESTS =
            Set.of("client", "host", "method", "path", "protocol", "status", "bytes", "agent");
    private static final Set<String> KINDS = Set.of("sessions", "totals", "window", "top", "counts");

    private static final String DATABASE = "jdbc:h2:file:./data/results;DATABASE_TO_LOWER=TRUE";

    private final Config config;
    private final Section jdbc;
    private final String url;

    private QueryFile(Config config, Section jdbc, String url) {
        this.config = config;
        this.jdbc = jdbc;
        this.url = url;
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException when it is no HOCON or has no queries
     */
    public static QueryFile read(Path file) {
        Config config = ConfigFactory.parseFile(file.toFile()).resolve().getConfig(ROOT);
        Section jdbc = Settings.load(ROOT, file, System.getenv(), System.getProperties())
                .section()
                .child("jdbc");
        return new QueryFile(config, jdbc, jdbc.optionalString("url").orElse(DATABASE));
    }

    /** Whether the database of those queries that name none is H2 within the processor, relative to where it runs. */
    public boolean hasEmbeddedDatabase() {
        String place = url.toLowerCase(Locale.ROOT);
        return place.startsWith("jdbc:h2:") && !place.startsWith("jdbc:h2:tcp:") && !place.startsWith("jdbc:h2:ssl:");
    }

    /** The same queries; those that name no database of their own are in this one. */
    public QueryFile withDatabase(String other) {
        return new QueryFile(config, jdbc, other);
    }

    /** A setting of the processor, when the file has it. */
    public Optional<String> setting(String key) {
        return config.hasPath(key) ? Optional.of(config.getString(key)) : Optional.empty();
    }

    /** All queries, in their order. */
    public List<JudgedQuery> queries() {
        return config.getConfigList("queries").stream().map(this::query).toList();
    }

    private JudgedQuery query(Config query) {
        String kind = query.getString("kind");
        String from = text(query, "from", "");
        Set<String> columns = from.equals("readings") ? READINGS : REQUESTS;
        List<String> by = query.hasPath("by") ? query.getStringList("by") : List.of();
        String value = text(query, "value", from.equals("readings") ? "value" : "bytes");
        Optional<Condition> where = Condition.parse(text(query, "where", ""), columns);
        return new JudgedQuery(
                query.getString("name"),
                kind,
                from,
                where,
                by,
                value,
                ms(query, "gap", 0),
                ms(query, "allowed-lateness", 60_000),
                ms(query, "window", 0),
                query.hasPath("compute") ? Set.copyOf(query.getStringList("compute")) : Set.of("count"),
                query.hasPath("limit") ? query.getInt("limit") : 0,
                to(query).contains("mqtt"),
                to(query).contains("jdbc") ? Optional.of(table(query)) : Optional.empty(),
                notJudged(query, columns, where, by, value));
    }

    private static Optional<String> notJudged(
            Config query, Set<String> columns, Optional<Condition> where, List<String> by, String value) {
        if (!KINDS.contains(query.getString("kind"))) {
            return Optional.of("the oracle does not know the kind " + query.getString("kind"));
        }
        if (where.isEmpty()) {
            return Optional.of("where: only comparisons of a column with a text or a number, joined by AND");
        }
        if (!columns.containsAll(by)) {
            return Optional.of("by: only the columns "
                    + String.join(", ", columns.stream().sorted().toList()));
        }
        if (!columns.contains(value)) {
            return Optional.of("value: only a column");
        }
        if (!to(query).contains("mqtt") && !to(query).contains("jdbc")) {
            return Optional.of("to: it answers elsewhere than on topics and in tables");
        }
        long window = ms(query, "window", 0);
        long slide = ms(query, "slide", 0);
        return slide > 0 && window % slide != 0
                ? Optional.of("the window is no multiple of the slide: no windows lie end to end")
                : Optional.empty();
    }

    private static List<String> to(Config query) {
        return query.hasPath("to") ? query.getStringList("to") : List.of("mqtt");
    }

    /** What the query says itself, over what is said for all. */
    private AnswerTable table(Config query) {
        return new AnswerTable(
                text(query, "jdbc.url", url),
                own(query, "user").or(() -> jdbc.optionalString("user")),
                own(query, "password").or(() -> jdbc.optionalString("password")),
                own(query, "table").or(() -> jdbc.optionalString("table")).orElse(query.getString("name")),
                key(query));
    }

    private static Optional<String> own(Config query, String key) {
        String path = "jdbc." + key;
        return query.hasPath(path) ? Optional.of(query.getString(path)) : Optional.empty();
    }

    private List<String> key(Config query) {
        if (query.hasPath("jdbc.key")) {
            return query.getStringList("jdbc.key");
        }
        return jdbc.has("key") ? jdbc.strings("key") : AnswerTable.BY_ID;
    }

    private static String text(Config query, String key, String otherwise) {
        return query.hasPath(key) ? query.getString(key) : otherwise;
    }

    private static long ms(Config query, String key, long otherwise) {
        return query.hasPath(key) ? query.getDuration(key).toMillis() : otherwise;
    }
}
