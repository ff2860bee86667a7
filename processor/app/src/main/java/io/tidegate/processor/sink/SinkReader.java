package io.tidegate.processor.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.Target;
import io.tidegate.settings.Section;
import io.tidegate.spark.jdbc.Column;
import io.tidegate.spark.jdbc.JdbcTarget;
import io.tidegate.spark.mqtt.MqttTarget;
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
    private final Map<String, TableSink> tables = new HashMap<>();

    private SinkReader(Section all) {
        this.all = all;
    }

    /**
     * All sinks.
     *
     * @param processor the section that holds {@code queries}
     * @param queries what was read of them, in their order
     */
    public static Sinks read(Section processor, List<Query> queries, MqttTarget broker) {
        SinkReader reader = new SinkReader(processor.child(JDBC));
        reader.database(reader.all);
        List<Section> sections = processor.children("queries");
        for (int i = 0; i < sections.size(); i++) {
            reader.query(sections.get(i), queries.get(i));
        }
        String folder = processor.child("files").string("dir");
        if (folder.isBlank()) {
            processor.child("files").mistake("dir", "a folder");
        }
        return new Sinks(broker, reader.tables, Path.of(folder));
    }

    private void query(Section section, Query query) {
        Section own = section.child(JDBC);
        JdbcTarget database = database(own);
        Section named = having("table", own);
        String name = named.optionalString("table").orElse(query.name());
        Section keyed = having("key", own);
        List<String> key = keyed.has("key") ? keyed.strings("key") : List.of();
        if (!query.to().contains(Target.JDBC)) {
            if (section.has(JDBC)) {
                section.mistake(JDBC, "to = [jdbc] beside it");
            }
            return;
        }
        if (name.isBlank() || name.getBytes(UTF_8).length > LONGEST_NAME || name.indexOf('\0') >= 0) {
            named.mistake("table", "a name of 1 to " + LONGEST_NAME + " bytes; by default the query's");
        } else if (columnsAreDistinct(section, query) && isKey(keyed, key, ResultTable.columns(query))) {
            add(named, new TableSink(database, ResultTable.of(query, name, key)));
        }
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

    private static boolean columnsAreDistinct(Section section, Query query) {
        Set<String> seen = new HashSet<>();
        List<String> twice = ResultTable.columns(query).stream()
                .map(Column::name)
                .filter(column -> !seen.add(column))
                .toList();
        if (!twice.isEmpty() && section.has("by")) {
            section.mistake(
                    "by", "other names than " + twice + ", which every row has: \"" + twice.get(0) + " AS name\"");
        }
        return twice.isEmpty();
    }

    private static boolean isKey(Section section, List<String> key, List<Column> columns) {
        List<String> names = columns.stream().map(Column::name).toList();
        boolean known = names.containsAll(key) && new HashSet<>(key).size() == key.size();
        if (!known) {
            section.mistake("key", "columns of the table, each once: " + String.join(", ", names));
        }
        return known;
    }

    private void add(Section section, TableSink sink) {
        for (TableSink other : tables.values()) {
            boolean same = other.database().url().equals(sink.database().url())
                    && other.table().table().name().equals(sink.table().table().name());
            if (same && !other.table().table().equals(sink.table().table())) {
                section.mistake(
                        "table",
                        "a table for query " + sink.table().query() + " alone: that of query "
                                + other.table().query() + " has other columns");
            }
        }
        tables.put(sink.table().query(), sink);
    }
}
