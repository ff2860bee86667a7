package io.tidegate.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionEvaluationListener;
import org.awaitility.core.EvaluatedCondition;
import org.junit.jupiter.api.RepeatedTest;

/** JUnit registers the extension by itself, and each test begins with the same patience. */
class PatienceTest {

    @RepeatedTest(2)
    void every_test_waits_a_minute_even_after_a_reset() {
        assertThat(patienceOfAwait()).isEqualTo(Duration.ofMinutes(1));
        Awaitility.reset();
    }

    /** What is left when the first look is over, rounded up to seconds: Awaitility has no getter for its default. */
    private static Duration patienceOfAwait() {
        long[] leftMs = new long[1];
        ConditionEvaluationListener<Object> listener = new ConditionEvaluationListener<>() {
            @Override
            public void conditionEvaluated(EvaluatedCondition<Object> condition) {
                leftMs[0] = condition.getElapsedTimeInMS() + condition.getRemainingTimeInMS();
            }
        };
        await().conditionEvaluationListener(listener).until(() -> true);
        return Duration.ofSeconds((leftMs[0] + 500) / 1000);
    }
}
