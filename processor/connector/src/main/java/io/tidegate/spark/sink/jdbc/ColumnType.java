package io.tidegate.spark.sink.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The types of columns, the same in every database that is supported, and which Java values they take. */
public enum ColumnType {
    /** {@link String}; U+0000, which PostgreSQL can't store, becomes U+FFFD. */
    TEXT("VARCHAR", Types.VARCHAR),
    /** {@link Long}. */
    WHOLE("BIGINT", Types.BIGINT),
    /** {@link Double}. */
    NUMBER("DOUBLE PRECISION", Types.DOUBLE),
    /** {@link java.math.BigDecimal}, exactly. */
    EXACT("NUMERIC", Types.NUMERIC),
    /** {@link Boolean}. */
    TRUTH("BOOLEAN", Types.BOOLEAN),
    /** {@link Instant}, to the microsecond. */
    TIME("TIMESTAMP(6) WITH TIME ZONE", Types.TIMESTAMP_WITH_TIMEZONE),
    /** {@link java.time.LocalDate}. */
    DATE("DATE", Types.DATE),
    /** {@link String} of any length, JSON in its canonical text; no part of a key. */
    JSON("TEXT", Types.LONGVARCHAR);

    private final String sql;
    private final int jdbc;

    ColumnType(String sql, int jdbc) {
        this.sql = sql;
        this.jdbc = jdbc;
    }

    /** As a definition of a column has it, unless the {@linkplain Dialect#type dialect} has another. */
    String sql() {
        return sql;
    }

    /** Sets a parameter of a statement, from 1. */
    void set(PreparedStatement statement, int parameter, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(parameter, jdbc);
        } else if (value instanceof String text) {
            statement.setString(parameter, text.replace('\0', '\uFFFD'));
        } else if (value instanceof Instant instant) {
            statement.setObject(parameter, instant.atOffset(ZoneOffset.UTC));
        } else {
            statement.setObject(parameter, value);
        }
    }
}
