package io.tidegate.spark.sink.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The name of a table, maybe with its schema: {@code actions}, {@code analytics.actions}. A dot between two double quotes
 * belongs to a name: {@code "a.b"} is one.
 *
 * @param parts the names, the table's last
 */
record TableName(List<String> parts) {

    static TableName of(String text) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '"') {
                quoted = !quoted;
            } else if (text.charAt(i) == '.' && !quoted) {
                parts.add(unquoted(text.substring(begin, i)));
                begin = i + 1;
            }
        }
        parts.add(unquoted(text.substring(begin)));
        return new TableName(List.copyOf(parts));
    }

    private static String unquoted(String part) {
        boolean inQuotes = part.length() > 1 && part.startsWith("\"") && part.endsWith("\"");
        return inQuotes ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part;
    }

    /** As an identifier in SQL, each name in quotes. */
    String sql() {
        return parts.stream().map(Dialect::quoted).collect(Collectors.joining("."));
    }

    /** The table's own name. */
    String table() {
        return parts.get(parts.size() - 1);
    }

    /** The schema that it says, or else that of the connection. */
    String schemaOr(String current) {
        return parts.size() > 1 ? parts.get(parts.size() - 2) : current;
    }
}
