package io.tidegate.gateway.decode;

/**
 * A payload or a line cannot be decoded. Decoders throw it inside, and turn it into a {@link Decoded.Rejected} at their
 * border. It has no stack trace: bad input must be cheap.
 */
public final class MalformedInput extends Exception {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** @param detail for people; may hold anything */
    public MalformedInput(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    /** A line that does not go on as expected at this byte, counted from 0. */
    public static MalformedInput at(int at, String expected) {
        return new MalformedInput(Reason.INVALID_LINE, "byte " + at + " (expected: " + expected + ")");
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Where and what, for people; may quote the input. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** The rejection that this decoder gives. */
    public Decoded.Rejected by(String decoder) {
        return Decoded.Rejected.of(reason, decoder, detail());
    }
}
