package io.tidegate.processor.sink;

import io.tidegate.spark.sink.jdbc.JdbcTarget;
import java.util.List;

/**
 * What {@code jdbc { … }} says.
 *
 * @param table the name of the table
 * @param key the columns by which rows replace each other; may be empty
 */
public record JdbcTableSettings(JdbcTarget database, String table, List<String> key) {}
