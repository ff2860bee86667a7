package io.tidegate.simulator.oracle;

import java.util.List;
import java.util.Optional;

/**
 * A table that a query answers into.
 *
 * @param url of its database, for JDBC
 * @param user when the URL does not say
 * @param password when the URL does not say
 * @param name of the table
 * @param key the columns by which rows replace each other
 */
public record ResultTable(String url, Optional<String> user, Optional<String> password, String name, List<String> key) {

    /** A row for every answer, with what is newest of it. */
    static final List<String> BY_ID = List.of("id");

    /** Its name alone: the rest may hold a secret. */
    @Override
    public String toString() {
        return "table " + name;
    }
}
