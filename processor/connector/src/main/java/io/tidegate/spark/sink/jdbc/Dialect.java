package io.tidegate.spark.sink.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/** What the databases do not have in common. */
enum Dialect {
    /** H2, in a file, in memory or as a server. */
    H2("jdbc:h2:", "org.h2.Driver") {
        @Override
        String upsert(JdbcTable table) {
            List<JdbcColumn> columns = table.columns();
            String values = columns.stream()
                    .map(column -> "CAST(? AS " + type(column.type()) + ")")
                    .collect(Collectors.joining(", "));
            String match = table.key().stream()
                    .map(name -> "t." + quoted(name) + " IS NOT DISTINCT FROM s." + quoted(name))
                    .collect(Collectors.joining(" AND "));
            String names = list(table.columnNames(), "");
            return "MERGE INTO " + TableName.of(table.name()).sql() + " AS t USING (VALUES (" + values + ")) AS s("
                    + names
                    + ") ON " + match + " WHEN MATCHED" + notOlder(table, " AND ", "t.", "s.") + " THEN UPDATE SET "
                    + assignments(table, "s.")
                    + " WHEN NOT MATCHED THEN INSERT (" + names + ") VALUES (" + list(table.columnNames(), "s.") + ")";
        }

        @Override
        boolean hasNullsNotDistinct(Connection connection) {
            return true;
        }

        /** NUMERIC has no decimals unless it says how many. */
        @Override
        String type(ColumnType type) {
            return type == ColumnType.EXACT ? "DECFLOAT(100)" : type.sql();
        }

        /** Committed is not yet on disk: H2 gathers for half a second what it writes. */
        @Override
        void makeDurable(Connection connection, String url) throws SQLException {
            String place = url.toLowerCase(Locale.ROOT).substring(prefix().length());
            if (!place.startsWith("tcp:") && !place.startsWith("ssl:")) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("CHECKPOINT SYNC");
                }
            }
        }
    },

    /** PostgreSQL; the default isolation, read committed. */
    POSTGRESQL("jdbc:postgresql:", "org.postgresql.Driver") {
        private static final int NULLS_NOT_DISTINCT = 15;
        private static final int INDEX_BYTES = 2_600;
        /** "tidegate" in ASCII. */
        private static final long TABLES_LOCK = 0x7469646567617465L;

        /** What the URL says wins. */
        @Override
        Properties properties() {
            Properties properties = new Properties();
            properties.setProperty("ApplicationName", "tidegate");
            properties.setProperty("connectTimeout", "10");
            properties.setProperty("socketTimeout", "60");
            return properties;
        }

        /** A third of a page; the header of an entry is left out. */
        @Override
        int indexBytes() {
            return INDEX_BYTES;
        }

        @Override
        String upsert(JdbcTable table) {
            return "INSERT INTO " + TableName.of(table.name()).sql() + " AS t (" + list(table.columnNames(), "")
                    + ") VALUES (" + parameters(table)
                    + ") ON CONFLICT (" + list(table.key(), "") + ") DO UPDATE SET "
                    + assignments(table, "EXCLUDED.") + notOlder(table, " WHERE ", "t.", "EXCLUDED.");
        }

        /** Two connections that make the same table at once would disturb each other, in spite of IF NOT EXISTS. */
        @Override
        void lockTables(Statement statement) throws SQLException {
            statement.execute("SELECT pg_advisory_xact_lock(" + TABLES_LOCK + ")");
        }

        @Override
        boolean hasNullsNotDistinct(Connection connection) throws SQLException {
            return connection.getMetaData().getDatabaseMajorVersion() >= NULLS_NOT_DISTINCT;
        }
    };

    private final String prefix;
    private final String driver;

    Dialect(String prefix, String driver) {
        this.prefix = prefix;
        this.driver = driver;
    }

    /** The dialect of a URL, if it is supported. */
    static Optional<Dialect> of(String url) {
        for (Dialect dialect : values()) {
            if (url.regionMatches(true, 0, dialect.prefix, 0, dialect.prefix.length())) {
                return Optional.of(dialect);
            }
        }
        return Optional.empty();
    }

    String prefix() {
        return prefix;
    }

    /** Made by its name: the JVM's driver manager does not see the jars that spark-submit adds. */
    Driver driver() {
        try {
            return Class.forName(driver)
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("driver: " + driver + " (expected: a part of the class path)", e);
        }
    }

    Properties properties() {
        return new Properties();
    }

    /** A statement with a parameter per column: inserts a row, or replaces the one with its key. */
    String write(JdbcTable table) {
        return table.key().isEmpty()
                ? "INSERT INTO " + TableName.of(table.name()).sql() + " (" + list(table.columnNames(), "")
                        + ") VALUES (" + parameters(table) + ")"
                : upsert(table);
    }

    /** How many bytes the key of a row may have, as the index of the table's unique constraint takes no more. */
    int indexBytes() {
        return Integer.MAX_VALUE / 2;
    }

    abstract String upsert(JdbcTable table);

    /** A type as a definition of a column has it. */
    String type(ColumnType type) {
        return type.sql();
    }

    /** Whether a unique constraint can count nulls as equal. */
    abstract boolean hasNullsNotDistinct(Connection connection) throws SQLException;

    /** Until the transaction ends, no other connection that calls this makes tables. */
    void lockTables(Statement statement) throws SQLException {}

    /** After a commit: makes sure that it survives the end of this process. */
    void makeDurable(Connection connection, String url) throws SQLException {}

    /**
     * The definition of a table, unless there is one of that name. Where a unique constraint takes every null for another
     * one, the key can't have any.
     */
    String definition(JdbcTable table, Connection connection) throws SQLException {
        String columns = table.columns().stream()
                .map(column ->
                        quoted(column.name()) + " " + type(column.type()) + (column.required() ? " NOT NULL" : ""))
                .collect(Collectors.joining(", "));
        String constraint = "";
        if (!table.key().isEmpty()) {
            boolean primary = table.hasRequiredKey() || !hasNullsNotDistinct(connection);
            constraint = (primary ? ", PRIMARY KEY (" : ", UNIQUE NULLS NOT DISTINCT (") + list(table.key(), "") + ")";
        }
        return "CREATE TABLE IF NOT EXISTS " + TableName.of(table.name()).sql() + " (" + columns + constraint + ")";
    }

    /** Any text as an identifier. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String list(List<String> names, String prefix) {
        return names.stream().map(name -> prefix + quoted(name)).collect(Collectors.joining(", "));
    }

    private static String parameters(JdbcTable table) {
        return table.columns().stream().map(column -> "?").collect(Collectors.joining(", "));
    }

    /** The condition under which a row gives way. */
    private static String notOlder(JdbcTable table, String before, String there, String coming) {
        List<String> version = table.version();
        return version.isEmpty() ? "" : before + "(" + list(version, there) + ") <= (" + list(version, coming) + ")";
    }

    private static String assignments(JdbcTable table, String from) {
        return table.columnNames().stream()
                .map(name -> quoted(name) + " = " + from + quoted(name))
                .collect(Collectors.joining(", "));
    }
}
