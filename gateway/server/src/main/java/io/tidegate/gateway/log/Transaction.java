package io.tidegate.gateway.log;

/**
 * What makes appends of several key groups one commit: either all of them are on disk or none.
 *
 * @param id unique in this process
 * @param members how many senders take part; each has one last append, and may have others before it
 * @param last whether this is the last append of its sender
 */
public record Transaction(long id, int members, boolean last) {

    /** For a sender with a single append. */
    public static Transaction member(long id, int members) {
        return new Transaction(id, members, true);
    }

    /** For an append behind which its sender has more. */
    public Transaction andMore() {
        return new Transaction(id, members, false);
    }
}
