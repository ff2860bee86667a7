package io.tidegate.gateway.log;

/**
 * What became of a source's events; a total or a delta. Unit: events; a message that can't be decoded is one.
 *
 * <p>Law: {@code received = logged + duplicate + deadLettered + refused + presence + retainedIgnored}. Every append
 * carries a delta that keeps it, and a commit stores deltas and events together, so it holds on disk at any time.
 *
 * @param received everything that came in
 * @param logged got an offset
 * @param duplicate removed, because it is remembered
 * @param deadLettered kept among the dead letters
 * @param refused told to the sender, who keeps it
 * @param presence status messages
 * @param retainedIgnored old values that the broker played again
 */
public record Tally(
        long received,
        long logged,
        long duplicate,
        long deadLettered,
        long refused,
        long presence,
        long retainedIgnored) {

    /** Nothing came, nothing became of it. */
    public static final Tally ZERO = new Tally(0, 0, 0, 0, 0, 0, 0);

    /** A delta of messages that became dead letters. */
    public static Tally ofDeadLetters(long count) {
        return new Tally(count, 0, 0, count, 0, 0, 0);
    }

    /** A delta of messages that their sender was told to keep. */
    public static Tally ofRefused(long count) {
        return new Tally(count, 0, 0, 0, count, 0, 0);
    }

    /** A delta of old values that the broker played again. */
    public static Tally ofRetainedIgnored(long count) {
        return new Tally(count, 0, 0, 0, 0, 0, count);
    }

    /** The sum, field by field. */
    public Tally plus(Tally other) {
        return new Tally(
                received + other.received,
                logged + other.logged,
                duplicate + other.duplicate,
                deadLettered + other.deadLettered,
                refused + other.refused,
                presence + other.presence,
                retainedIgnored + other.retainedIgnored);
    }

    /** What the law leaves unexplained: 0, or there is a defect. */
    public long residual() {
        return received - logged - duplicate - deadLettered - refused - presence - retainedIgnored;
    }
}
