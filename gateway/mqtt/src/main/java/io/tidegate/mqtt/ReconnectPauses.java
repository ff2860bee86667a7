package io.tidegate.mqtt;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next connection. A broker that can't be reached and one that ends what it has just accepted
 * are two stories, told by two backoffs:
 *
 * <pre>
 *               connected           lasted SETTLED
 *  connecting ───────────▶ young ──────────────────▶ settled
 *      │ afterFailure        │ afterLoss               │ afterLoss
 *      ▼                     ▼                         ▼
 *   longer each time      longer, if useless        short
 * </pre>
 *
 * <p>A connection proves nothing by being made, so only one that has worked or lasted makes the pause after its loss short
 * again. Several in a row that ended young, each followed by one that was made at the first attempt, is what a second client
 * of the same id looks like to one whom the broker does not tell: then the pause is long, and the other one wins. Not
 * thread-safe.
 */
public final class ReconnectPauses {

    /** How long a connection has to last before its loss is nothing but a loss. */
    public static final Duration SETTLED = Duration.ofSeconds(30);

    /** A broker that restarts, or a bad line, may cut a young connection now and then, but not that often in a row. */
    private static final int CONTESTED = 4;

    private final Backoff unreachable;
    private final Backoff cut;
    private final Duration slow;
    private boolean settled;
    private int endedYoung;

    /**
     * Nothing has happened yet.
     *
     * @param first the shortest bound of a pause
     * @param last the longest
     * @param slow the pause while the connection is contested
     */
    public ReconnectPauses(Duration first, Duration last, Duration slow, RandomGenerator random) {
        unreachable = new Backoff(first, last, random);
        cut = new Backoff(first, last, random);
        this.slow = slow;
    }

    /** The pause after an attempt that led to no connection. */
    public Duration afterFailure() {
        endedYoung = 0;
        return unreachable.next();
    }

    /**
     * The pause after the end of a connection.
     *
     * @param worked whether anything of use came over it
     */
    public Duration afterLoss(boolean worked) {
        if (settled || worked) {
            cut.reset();
        }
        endedYoung = settled ? 0 : endedYoung + 1;
        settled = false;
        return isContested() ? slow : cut.next();
    }

    /** There is a connection. */
    public void connected() {
        settled = false;
        unreachable.reset();
    }

    /** It has lasted {@link #SETTLED}. */
    public void settled() {
        settled = true;
        endedYoung = 0;
    }

    /** Whether connection after connection ended before it had settled, without a failed attempt between them. */
    public boolean isContested() {
        return endedYoung >= CONTESTED;
    }

    /** A sentence for the person whom {@link #isContested} needs. */
    public static String suspicion(MqttEndpoint endpoint) {
        return "cut again and again soon after connecting: does another client use the client id \""
                + endpoint.clientId() + "\"?";
    }
}
