package io.tidegate.processor.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.Target;
import io.tidegate.processor.sink.JdbcTableSettings;
import io.tidegate.processor.sink.ResultTable;
import io.tidegate.processor.sink.Sinks;
import io.tidegate.processor.sink.TableSink;
import io.tidegate.settings.Section;
import io.tidegate.spark.sink.jdbc.JdbcColumn;
import io.tidegate.spark.sink.jdbc.JdbcTarget;
import io.tidegate.spark.sink.mqtt.MqttTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads where results go: {@code jdbc} of each query over {@code jdbc} of all, and {@code files}. Mistakes are recorded in
 * their sections.
 */
public final class SinkReader {

    private static final String JDBC = "jdbc";
    /** PostgreSQL cuts longer names off, silently. */
    private static final int LONGEST_NAME = 63;

    private static final String SUPPORTED = "jdbc:h2:… or jdbc:postgresql:…";
    private static final JdbcTarget HARMLESS = new JdbcTarget("jdbc:h2:mem:", null, null, Duration.ZERO);

    private final Section all;
    private final Path files;
    private final Map<List<String>, Owner> owners = new HashMap<>();

    /**
     * Reads the settings of all queries.
     *
     * @param processor the section that holds {@code queries}
     */
    public SinkReader(Section processor) {
        this.all = processor.child(JDBC);
        this.files = files(processor.child("files"));
        JdbcTarget unused = database(all);
    }

    /** The query that writes a table, and what it takes the table for. */
    private record Owner(String query, Object table) {}

    /**
     * The sinks of queries that are not in SQL.
     *
     * @param sections theirs, in their order
     */
    public Sinks sinks(List<Section> sections, List<Query> queries, MqttTarget broker) {
        Map<String, TableSink> tables = new HashMap<>();
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            Query query = queries.get(i);
            List<JdbcColumn> columns = ResultTable.columns(query);
            Optional<JdbcTableSettings> table = table(section, query.name(), query.to(), names(columns));
            if (table.isPresent() && columnsAreDistinct(section, columns)) {
                ResultTable resultTable =
                        ResultTable.of(query, table.get().table(), table.get().key());
                own(section, table.get(), new Owner(query.name(), resultTable.table()));
                tables.put(query.name(), new TableSink(table.get().database(), resultTable));
            }
        }
        return new Sinks(broker, tables, files);
    }

    private static Path files(Section section) {
        String folder = section.string("dir");
        if (folder.isBlank()) {
            section.mistake("dir", "a folder");
        }
        return Path.of(folder);
    }

    /** Where files of results go. */
    public Path files() {
        return files;
    }

    /**
     * The table of a query in SQL, if it wants one.
     *
     * @param columns of its rows
     */
    public Optional<JdbcTableSettings> ofSql(Section section, String query, List<Target> to, List<String> columns) {
        Optional<JdbcTableSettings> table = table(section, query, to, columns);
        table.ifPresent(found -> own(section, found, new Owner(query, query)));
        return table;
    }

    private Optional<JdbcTableSettings> table(Section section, String query, List<Target> to, List<String> columns) {
        Section own = section.child(JDBC);
        JdbcTarget database = database(own);
        Section named = having("table", own);
        String name = named.optionalString("table").orElse(query);
        Section keyed = having("key", own);
        List<String> key = keyed.has("key") ? keyed.strings("key") : List.of();
        if (!to.contains(Target.JDBC)) {
            if (section.has(JDBC)) {
                section.mistake(JDBC, "to = [jdbc] beside it");
            }
            return Optional.empty();
        }
        if (name.isBlank() || name.getBytes(UTF_8).length > LONGEST_NAME || name.indexOf('\0') >= 0) {
            named.mistake("table", "a name of 1 to " + LONGEST_NAME + " bytes; by default the query's");
            return Optional.empty();
        }
        return isKey(keyed, key, columns) ? Optional.of(new JdbcTableSettings(database, name, key)) : Optional.empty();
    }

    /** The query's own section where it has the key, otherwise that of all. */
    private Section having(String key, Section own) {
        return own.has(key) ? own : all;
    }

    private JdbcTarget database(Section own) {
        Section section = having("url", own);
        String url = section.string("url");
        Optional<String> user = having("user", own).optionalString("user");
        Optional<String> password = having("password", own).optionalString("password");
        Duration retryFor = having("retry-for", own).duration("retry-for", Duration.ZERO, Duration.ofHours(1));
        if (!JdbcTarget.isSupported(url)) {
            section.mistake("url", SUPPORTED);
            return HARMLESS;
        }
        return new JdbcTarget(url, user.orElse(null), password.orElse(null), retryFor);
    }

    private static boolean columnsAreDistinct(Section section, List<JdbcColumn> columns) {
        Set<String> seen = new HashSet<>();
        List<String> twice =
                names(columns).stream().filter(column -> !seen.add(column)).toList();
        if (!twice.isEmpty() && section.has("by")) {
            section.mistake(
                    "by", "other names than " + twice + ", which every row has: \"" + twice.get(0) + " AS name\"");
        }
        return twice.isEmpty();
    }

    private static List<String> names(List<JdbcColumn> columns) {
        return columns.stream().map(JdbcColumn::name).toList();
    }

    private static boolean isKey(Section section, List<String> key, List<String> columns) {
        boolean known = columns.containsAll(key) && new HashSet<>(key).size() == key.size();
        if (!known) {
            section.mistake("key", "columns of the table, each once: " + String.join(", ", columns));
        }
        return known;
    }

    /** Two queries may share a table when its rows look the same; not when one of them is in SQL. */
    private void own(Section section, JdbcTableSettings table, Owner owner) {
        Owner other = owners.putIfAbsent(List.of(table.database().url(), table.table()), owner);
        if (other != null && !other.table().equals(owner.table())) {
            having("table", section.child(JDBC))
                    .mistake(
                            "table",
                            "a table for query " + owner.query() + " alone: that of query " + other.query()
                                    + " has other columns");
        }
    }
}
