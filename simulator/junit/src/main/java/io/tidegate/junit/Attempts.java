package io.tidegate.junit;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * The attempts at one slow test: the first, one with the same seed when that one's outcome is unclear, then one with another
 * seed. JUnit asks for the next after the one before is over.
 */
final class Attempts implements Iterator<TestTemplateInvocationContext> {

    private static final int MOST = 3;

    private final String test;
    private final Seed first;
    private final BooleanSupplier hasTime;
    private int begun;
    private Outcome last = Outcome.UNCLEAR;

    /** @param hasTime whether another attempt may begin */
    Attempts(String test, Seed first, BooleanSupplier hasTime) {
        this.test = test;
        this.first = first;
        this.hasTime = hasTime;
    }

    @Override
    public boolean hasNext() {
        return begun == 0 || (last.isUnclear() && begun < MOST && hasTime.getAsBoolean());
    }

    @Override
    public TestTemplateInvocationContext next() {
        if (!hasNext()) {
            throw new NoSuchElementException(test);
        }
        begun++;
        Seed seed = begun < MOST ? first : Seed.any();
        seed.set();
        return new Attempt(begun, seed);
    }

    /** One run, which tells its outcome to the record and to what comes next. */
    private final class Attempt
            implements TestTemplateInvocationContext, TestExecutionExceptionHandler, AfterTestExecutionCallback {

        private final int number;
        private final Seed seed;
        private final long beginNanos = System.nanoTime();

        Attempt(int number, Seed seed) {
            this.number = number;
            this.seed = seed;
        }

        @Override
        public String getDisplayName(int invocationIndex) {
            return "attempt " + number + " with seed " + seed.value();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        /** Fails the test, unless the outcome is none that should: a report says so then. */
        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
            Outcome outcome = Outcome.of(failure, CpuPressure.isStarved());
            over(outcome);
            if (outcome == Outcome.BUSY) {
                throw new TestAbortedException("the machine is busy: it says nothing about the code", failure);
            }
            if (outcome.isUnclear() && begun < MOST) {
                throw new TestAbortedException("unclear: tried again when there is time", failure);
            }
            throw failure;
        }

        @Override
        public void afterTestExecution(ExtensionContext context) {
            if (context.getExecutionException().isEmpty()) {
                over(Outcome.GREEN);
            }
        }

        private void over(Outcome outcome) {
            last = outcome;
            OutcomeRecord.append(test, seed, outcome, Duration.ofNanos(System.nanoTime() - beginNanos));
        }
    }
}
