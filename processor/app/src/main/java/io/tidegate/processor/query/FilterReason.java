package io.tidegate.processor.query;

import java.util.Locale;

/** Why an event is in no result of a query. The names are part of the serialized form. */
public enum FilterReason {
    /** It is no row of the table that the query reads. */
    OTHER_TABLE,
    /** The query's {@code where} does not want it. */
    WHERE,
    /** An array in {@code by} is null or empty, so there is no key to count it under. */
    NO_KEY,
    /** {@code where}, {@code by} or {@code value} can't be computed for it: a function of Spark has thrown an error. */
    EXPRESSION_FAILED,
    /** A key of it is longer than {@value io.tidegate.processor.key.KeyCodec#MAX_CHARACTERS} characters. */
    KEY_TOO_LONG,
    /** It would count under more keys than {@value io.tidegate.processor.key.KeyCodec#MAX_KEYS}. */
    TOO_MANY_KEYS;

    /** As in the ledger and in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
