package io.tidegate.gateway.weblog;

/** A line that is no entry of an access log. Without a stack trace: bad input must be cheap. */
public final class DamagedLine extends Exception {

    private static final long serialVersionUID = 1;

    private final Flaw flaw;

    DamagedLine(Flaw flaw, String detail) {
        super(detail, null, false, false);
        this.flaw = flaw;
    }

    /** @param at the byte of the line, from 0 */
    static DamagedLine at(int at, String expected) {
        return new DamagedLine(Flaw.INVALID_LINE, "byte " + at + " (expected: " + expected + ")");
    }

    /** Why. */
    public Flaw flaw() {
        return flaw;
    }

    /** Where and what, for people; may quote the line. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
