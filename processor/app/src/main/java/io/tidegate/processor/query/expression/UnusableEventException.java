package io.tidegate.processor.query.expression;

import io.tidegate.processor.query.FilterReason;

/** An event that a query can't count; it is filtered, for the reason that this carries. */
public final class UnusableEventException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final FilterReason reason;

    UnusableEventException(FilterReason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** Why. */
    public FilterReason reason() {
        return reason;
    }

    /**
     * The reason for which an event is filtered when evaluating it has thrown an error.
     *
     * @param failure what was thrown: functions of Spark throw checked exceptions too, unannounced, and a regular
     *     expression may run out of stack
     */
    public static FilterReason reasonOf(Throwable failure) {
        return failure instanceof UnusableEventException unusable ? unusable.reason : FilterReason.EXPRESSION_FAILED;
    }
}
