package io.tidegate.gateway.ops;

import io.tidegate.gateway.http.Reply;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the ledger again and again, and tells a residual that stays from one that only passes: whoever reads several
 * counters while they move may catch one a moment early. Thread-safe.
 */
public final class LedgerMonitor {

    /** How often somebody should {@link #look}. */
    public static final Duration EVERY = Duration.ofSeconds(10);

    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Supplier<Ledger> ledger;
    private final LongSupplier nanos;
    private @Nullable Long offSinceNanos;
    private String last = "";

    /**
     * Nothing has been looked at yet.
     *
     * @param ledger reads it
     * @param nanos a clock that only goes forward
     */
    public LedgerMonitor(Supplier<Ledger> ledger, LongSupplier nanos) {
        this.ledger = ledger;
        this.nanos = nanos;
    }

    /**
     * Looks at the ledger.
     *
     * @return it as JSON, as the page {@code /ledger} shows it, if it has changed since the last look
     */
    public synchronized Optional<String> look() {
        String body = Reply.json(200, read()).body();
        if (body.equals(last)) {
            return Optional.empty();
        }
        last = body;
        return Optional.of(body);
    }

    /** What doesn't balance, with its numbers, when it has not for longer than a minute. */
    public synchronized Optional<String> imbalance() {
        Ledger now = read();
        return offSinceNanos == null || nanos.getAsLong() - offSinceNanos <= PATIENCE.toNanos()
                ? Optional.empty()
                : Optional.of("the ledger does not balance: "
                        + now.unbalanced().stream().map(Object::toString).collect(Collectors.joining("; ")));
    }

    private Ledger read() {
        Ledger now = ledger.get();
        if (now.residual() == 0) {
            offSinceNanos = null;
        } else if (offSinceNanos == null) {
            offSinceNanos = nanos.getAsLong();
        }
        return now;
    }
}
