package io.tidegate.processor.structured;

import io.tidegate.processor.query.Durations;
import io.tidegate.processor.query.Target;
import io.tidegate.processor.sink.ReplayNamespace;
import io.tidegate.spark.sink.jdbc.JdbcTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.streaming.OutputMode;

/**
 * A query of {@code kind = sql}. What {@link #describe} says is frozen in its checkpoint.
 *
 * @param name unique among all queries, and a level of topics
 * @param sql a SELECT of Spark SQL over {@code readings} and {@code requests}
 * @param transform the folder of a {@link SavedPipeline} that its rows go through
 * @param watermark when events are too late
 * @param mode which rows are written
 * @param pace how often, and from how many events
 * @param to where rows go
 * @param options of the sinks, for {@link ResultsSink}; addresses and secrets, so no part of the checkpoint
 */
public record SqlQuery(
        String name,
        String sql,
        Optional<String> transform,
        Optional<Watermark> watermark,
        Mode mode,
        Pace pace,
        List<Target> to,
        Map<String, String> options)
        implements StructuredQuery {

    /** Keeps its own copies. */
    public SqlQuery {
        to = List.copyOf(to);
        options = Map.copyOf(options);
    }

    @Override
    public SqlQuery forReplay(ReplayNamespace replay) {
        Map<String, String> moved = new HashMap<>(options);
        moved.computeIfPresent("mqtt.topic", (key, live) -> replay.topic(live));
        moved.computeIfPresent("mqtt.clientId", (key, live) -> replay.client(live));
        moved.computeIfPresent("jdbc.url", (key, live) -> replay.url(live));
        moved.computeIfPresent("jdbc.dbtable", (key, live) -> replay.table(live));
        moved.computeIfPresent(
                "files.dir", (key, live) -> replay.folder(Path.of(live)).toString());
        return new SqlQuery(name, sql, transform, watermark, mode, pace, to, moved);
    }

    /** Where its files are, if it has any. */
    public Path folder() {
        return Path.of(option("files.dir")).resolve(name);
    }

    /** The database, of a query that writes to one. */
    public JdbcTarget database() {
        return new JdbcTarget(
                option("jdbc.url"),
                options.get("jdbc.user"),
                options.get("jdbc.password"),
                Duration.ofSeconds(Long.parseLong(option("jdbc.retryFor"))));
    }

    /** The table there. */
    public String table() {
        return option("jdbc.dbtable");
    }

    private String option(String option) {
        return Objects.requireNonNull(options.get(option), option);
    }

    /** Without the options, which may hold a password. */
    @Override
    public String toString() {
        return name + " " + describe();
    }

    /** Events whose time in a column is so far behind the greatest are late. */
    public record Watermark(String column, Duration delay) {
        /** As Spark takes it. */
        String delayText() {
            return delay.toMillis() + " milliseconds";
        }
    }

    /** Which rows are written: Spark's output modes. */
    public enum Mode {
        /** Each row once, when it can't change any more. */
        APPEND,
        /** Each row when it has changed. */
        UPDATE,
        /** All rows, every time. */
        COMPLETE;

        /** As Spark calls it. */
        OutputMode spark() {
            return switch (this) {
                case APPEND -> OutputMode.Append();
                case UPDATE -> OutputMode.Update();
                case COMPLETE -> OutputMode.Complete();
            };
        }

        /** As in configuration. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Map<String, Object> frozen() {
        return describe();
    }

    @Override
    public Map<String, Object> describe() {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("kind", "sql");
        text.put("sql", sql);
        transform.ifPresent(folder -> text.put("transform", folder));
        watermark.ifPresent(mark -> text.put(
                "watermark", mark.column() + " - " + Durations.text(mark.delay().toMillis())));
        text.put("output-mode", mode.label());
        text.put("to", to.stream().map(Target::label).toList());
        return text;
    }
}
