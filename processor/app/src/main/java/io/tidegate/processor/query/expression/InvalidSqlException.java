package io.tidegate.processor.query.expression;

/** An expression that can't be what it should be; the message is one line for the person who wrote it. */
public final class InvalidSqlException extends Exception {
    private static final long serialVersionUID = 1;

    /** In one line. */
    public InvalidSqlException(String message) {
        super(message);
    }

    /** Catalyst's own words, without its plan and its stack. */
    public static InvalidSqlException of(Exception catalyst) {
        String first = String.valueOf(catalyst.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse(catalyst.getClass().getSimpleName());
        return new InvalidSqlException(first.replaceFirst(" SQLSTATE: .*$", ""));
    }
}
