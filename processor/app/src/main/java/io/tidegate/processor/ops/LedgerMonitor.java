package io.tidegate.processor.ops;

import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.ops.http.HttpReply;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the ledger again and again, and tells a residual that stays from one that passes. Thread-safe; somebody has to
 * {@link #look} every few seconds.
 */
public final class LedgerMonitor {

    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Supplier<Ledger> ledger;
    private final LongSupplier nanos;
    private @Nullable Long offSinceNanos;

    /** @param nanos a clock that only goes forward */
    public LedgerMonitor(Supplier<Ledger> ledger, LongSupplier nanos) {
        this.ledger = ledger;
        this.nanos = nanos;
    }

    /** The account of the newest batch that is complete. */
    synchronized Ledger look() {
        Ledger now = ledger.get();
        if (now.residual() == 0) {
            offSinceNanos = null;
        } else if (offSinceNanos == null) {
            offSinceNanos = nanos.getAsLong();
        }
        return now;
    }

    /** The ledger as the page {@code /ledger} and the retained topic show it. */
    String json() {
        return HttpReply.json(200, look()).body();
    }

    /** What doesn't balance, with its numbers, when it has not for longer than a minute. */
    synchronized Optional<String> imbalance() {
        Ledger now = look();
        return offSinceNanos == null || nanos.getAsLong() - offSinceNanos <= PATIENCE.toNanos()
                ? Optional.empty()
                : Optional.of("the ledger does not balance, batch " + now.batch() + ": " + rows(now));
    }

    private static String rows(Ledger ledger) {
        return ledger.queries().stream()
                .flatMap(account -> account.keyGroups().stream()
                        .filter(row -> row.residual() != 0)
                        .map(row -> account.query() + " " + row))
                .collect(Collectors.joining("; "));
    }
}
