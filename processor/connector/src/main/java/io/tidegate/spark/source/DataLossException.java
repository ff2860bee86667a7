package io.tidegate.spark.source;

/** Events that a query was to read are no longer in a gateway's log; the message names them and the way out. */
public final class DataLossException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With all of it in words. */
    DataLossException(String what) {
        super(what);
    }
}
