package io.tidegate.mqtt;

/** The broker answered no. */
public final class RefusedException extends Exception {

    private final int reasonCode;

    /**
     * A refusal.
     *
     * @param what was asked for, {@code publish to a/b}
     * @param reasonCode of MQTT 5, 0x80 or above
     */
    public RefusedException(String what, int reasonCode) {
        super(what + " refused by the broker: " + ReasonCode.text(reasonCode));
        this.reasonCode = reasonCode;
    }

    /** The reason code of MQTT 5. */
    public int reasonCode() {
        return reasonCode;
    }

    /** Whether the same request may succeed a moment later: the broker is busy, shutting down, or a quota is full. */
    public boolean isTransient() {
        return ReasonCode.isTransient(reasonCode);
    }
}
