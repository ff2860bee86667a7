package io.tidegate.processor.sink;

import io.tidegate.spark.sink.jdbc.JdbcTarget;
import java.io.Serializable;

/** A table and the database that it is in. */
public record TableSink(JdbcTarget database, ResultTable table) implements Serializable {}
