package io.tidegate.junit;

import java.time.Instant;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs a {@link SlowTest}: up to three times, each an invocation that begins when the outcome of the one before is known. */
final class SlowTests implements TestTemplateInvocationContextProvider, ExecutionCondition {

    /** The second from which on nothing slow begins that would not end before it (Unix time); absent: never. */
    private static final String UNTIL = "tidegate.slow-until";

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(SlowTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Attempts attempts = new Attempts(name(context), Seed.current(), () -> hasTime(context));
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(attempts, Spliterator.ORDERED), false);
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return hasTime(context)
                ? ConditionEvaluationResult.enabled("there is time for it")
                : ConditionEvaluationResult.disabled("no time is left for it in this run");
    }

    private static boolean hasTime(ExtensionContext context) {
        Long until = Long.getLong(UNTIL);
        int seconds = context.getElement()
                .map(element -> element.getAnnotation(SlowTest.class))
                .map(SlowTest::seconds)
                .orElse(0);
        return until == null || Instant.now().getEpochSecond() + seconds <= until;
    }

    private static String name(ExtensionContext context) {
        return context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName();
    }
}
