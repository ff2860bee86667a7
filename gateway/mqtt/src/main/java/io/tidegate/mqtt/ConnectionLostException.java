package io.tidegate.mqtt;

import org.jspecify.annotations.Nullable;

/** There is no connection, or none any more: whether the broker did what was asked for is not known. */
public final class ConnectionLostException extends Exception {

    /** A loss. */
    public ConnectionLostException(String reason) {
        super(reason);
    }

    ConnectionLostException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
