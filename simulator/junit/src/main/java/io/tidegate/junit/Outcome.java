package io.tidegate.junit;

import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.opentest4j.TestAbortedException;

/** The outcome of one run of a slow test. */
enum Outcome {
    /** Everything was as it must be. */
    GREEN,
    /** An event lost or counted twice, a wrong figure, a ledger that does not balance: a comparison failed. */
    CONTRADICTION,
    /** Patience ran out while the machine was starved of CPU: it says nothing about the code. */
    BUSY,
    /** Patience ran out on a machine with CPU to spare, or something broke around the test. */
    UNCLEAR,
    /** An assumption did not hold: something is not installed. */
    SKIPPED;

    private static final int DEEPEST = 20;

    static Outcome of(Throwable failure, boolean starved) {
        if (failure instanceof TestAbortedException) {
            return SKIPPED;
        }
        if (chain(failure).anyMatch(Outcome::isPatience)) {
            return starved ? BUSY : UNCLEAR;
        }
        return failure instanceof AssertionError ? CONTRADICTION : UNCLEAR;
    }

    private static boolean isPatience(Throwable failure) {
        return failure instanceof ConditionTimeoutException || failure instanceof TimeoutException;
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, one -> one != null, Throwable::getCause).limit(DEEPEST);
    }

    /** Whether it is worth another try: it may have been chance. */
    boolean isUnclear() {
        return this == UNCLEAR;
    }
}
