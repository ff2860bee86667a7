package io.tidegate.spark.sink.jdbc;

import java.io.Serializable;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A database to write to. Holds a password, so keep it out of checkpoints: hand it to tasks from the function of an
 * output operation, which runs on the driver, and never put it into a field of a stream's function.
 *
 * @param url {@code jdbc:h2:…} or {@code jdbc:postgresql:…}
 * @param user null: the URL's, or the driver's default
 * @param password null: the URL's, or none
 * @param retryFor how long a database that is away is tried again before the call fails
 */
public record JdbcTarget(
        String url, @Nullable String user, @Nullable String password, Duration retryFor) implements Serializable {

    private static final Pattern SECRET = Pattern.compile("(?i)((?:password|secret|token|cipher)[^=;&?]*=)[^;&]*");
    private static final Pattern USER_INFO = Pattern.compile("//[^/@]*@");

    /** Refuses a database that is not supported. */
    public JdbcTarget {
        if (!isSupported(url)) {
            throw new IllegalArgumentException(
                    "url: " + withoutSecrets(url) + " (expected: jdbc:h2:… or jdbc:postgresql:…)");
        }
    }

    /** Whether there is a driver and a dialect for it. */
    public static boolean isSupported(String url) {
        return Dialect.of(url).isPresent();
    }

    Dialect dialect() {
        return Dialect.of(url).orElseThrow();
    }

    /** Without anything secret. */
    @Override
    public String toString() {
        return withoutSecrets(url);
    }

    /** A URL without anything secret. */
    static String withoutSecrets(String url) {
        return SECRET.matcher(USER_INFO.matcher(url).replaceFirst("//***@")).replaceAll("$1***");
    }
}
