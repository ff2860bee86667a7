package io.tidegate.spark.sink.jdbc;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells failures that pass, like a database that is away or a lock that another one has, from refusals. */
final class TransientErrors {

    /** Connection exception, insufficient resources, transaction rollback, operator intervention. */
    private static final Set<String> CLASSES = Set.of("08", "53", "40", "57");

    /** PostgreSQL: lock not available, read-only while a standby takes over; H2: lock timeout. */
    private static final Set<String> STATES = Set.of("55P03", "25006", "HYT00");

    /** H2: in use by another process, connection broken, database closed. */
    private static final Set<Integer> CODES = Set.of(90_020, 90_067, 90_098, 90_121);

    private TransientErrors() {}

    /** Whether the same may succeed a little later. */
    static boolean passes(SQLException failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLTransientException || at instanceof SQLRecoverableException) {
                return true;
            }
            if (at instanceof SQLException sql && passes(sql.getSQLState(), sql.getErrorCode())) {
                return true;
            }
        }
        SQLException next = failure.getNextException();
        return next != null && passes(next);
    }

    private static boolean passes(@Nullable String state, int code) {
        return CODES.contains(code)
                || (state != null
                        && (STATES.contains(state)
                                || (state.length() == 5 && CLASSES.contains(state.substring(0, 2)))));
    }
}
