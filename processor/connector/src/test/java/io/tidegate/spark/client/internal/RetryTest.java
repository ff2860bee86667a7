package io.tidegate.spark.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RetryTest {

    private final AtomicInteger calls = new AtomicInteger();
    private final Scripted time = new Scripted();

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            mode = Mode.INCLUDE,
            names = {"CANCELLED", "UNKNOWN", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "INTERNAL", "UNAVAILABLE"})
    void what_can_heal_is_tried_until_it_is_answered(Status.Code code) {
        assertThat(until(() -> after(4, code))).isEqualTo("answer");

        assertThat(calls).hasValue(5);
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            mode = Mode.EXCLUDE,
            names = {"OK", "CANCELLED", "UNKNOWN", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "INTERNAL", "UNAVAILABLE"
            })
    void a_refusal_that_is_repeated_ends_the_call(Status.Code code) {
        assertThatThrownBy(() -> until(() -> after(100, code)))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage(code + ": on purpose");

        assertThat(calls).hasValue(3);
    }

    @Test
    void a_refusal_that_is_not_repeated_is_nobodys_last_word() {
        Deque<Status.Code> codes = new ArrayDeque<>(
                List.of(Status.Code.UNIMPLEMENTED, Status.Code.UNAVAILABLE, Status.Code.PERMISSION_DENIED));

        assertThat(until(() -> codes.isEmpty() ? "answer" : after(1_000, codes.remove())))
                .isEqualTo("answer");
    }

    @Test
    void an_interrupted_thread_does_not_wait_for_an_answer() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> until(() -> after(100, Status.Code.UNAVAILABLE)))
                .isInstanceOf(StatusRuntimeException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls).hasValue(1);
    }

    @Test
    void pauses_grow_and_a_gateway_that_stays_away_is_left_when_patience_is_over() {
        assertThatThrownBy(() -> Retry.within(
                        Duration.ofSeconds(60), "a call", () -> after(1_000, Status.Code.UNAVAILABLE), time))
                .isInstanceOf(StatusRuntimeException.class);

        // From 50 to 100 ms at first, twice as long each time, and from 2.5 to 5 s from the seventh on.
        assertThat(time.pausesMs.get(0)).isBetween(50L, 100L);
        assertThat(time.pausesMs.get(3)).isBetween(400L, 800L);
        assertThat(time.pausesMs.subList(6, time.pausesMs.size())).allMatch(ms -> ms >= 2_500 && ms <= 5_000);
        assertThat(time.passedMs).isBetween(60_000L, 65_000L);
        assertThat(calls).hasValue(time.pausesMs.size() + 1);
    }

    @Test
    void a_thread_that_is_interrupted_in_a_pause_leaves_it_with_the_last_failure() {
        time.interrupting = true;

        assertThatThrownBy(() -> until(() -> after(100, Status.Code.UNAVAILABLE)))
                .isInstanceOf(StatusRuntimeException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls).hasValue(1);
    }

    private String until(Supplier<String> call) {
        return Retry.within(Retry.FOR_EVER, "a call", call, time);
    }

    private String after(int failures, Status.Code code) {
        if (calls.incrementAndGet() <= failures) {
            throw code.toStatus().withDescription("on purpose").asRuntimeException();
        }
        return "answer";
    }

    /** Passes when somebody waits, and at no other time. */
    private static final class Scripted implements Retry.Time {
        private final List<Long> pausesMs = new ArrayList<>();
        private long passedMs;
        private boolean interrupting;

        @Override
        public long nanos() {
            return passedMs * 1_000_000;
        }

        @Override
        public void pause(long ms) throws InterruptedException {
            if (interrupting) {
                throw new InterruptedException();
            }
            pausesMs.add(ms);
            passedMs += ms;
        }
    }
}
