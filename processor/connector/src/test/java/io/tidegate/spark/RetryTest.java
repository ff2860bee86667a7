package io.tidegate.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RetryTest {

    private final AtomicInteger calls = new AtomicInteger();

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            mode = Mode.INCLUDE,
            names = {"CANCELLED", "UNKNOWN", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "INTERNAL", "UNAVAILABLE"})
    void what_can_heal_is_tried_until_it_is_answered(Status.Code code) {
        assertThat(Retry.until("a call", () -> after(4, code))).isEqualTo("answer");

        assertThat(calls).hasValue(5);
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            mode = Mode.EXCLUDE,
            names = {"OK", "CANCELLED", "UNKNOWN", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "INTERNAL", "UNAVAILABLE"
            })
    void a_refusal_that_is_repeated_ends_the_call(Status.Code code) {
        assertThatThrownBy(() -> Retry.until("a call", () -> after(100, code)))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage(code + ": on purpose");

        assertThat(calls).hasValue(3);
    }

    @Test
    void a_refusal_that_is_not_repeated_is_nobodys_last_word() {
        Deque<Status.Code> codes = new ArrayDeque<>(
                List.of(Status.Code.UNIMPLEMENTED, Status.Code.UNAVAILABLE, Status.Code.PERMISSION_DENIED));

        assertThat(Retry.until("a call", () -> codes.isEmpty() ? "answer" : after(1_000, codes.remove())))
                .isEqualTo("answer");
    }

    @Test
    void an_interrupted_thread_does_not_wait_for_an_answer() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Retry.until("a call", () -> after(100, Status.Code.UNAVAILABLE)))
                .isInstanceOf(StatusRuntimeException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls).hasValue(1);
    }

    private String after(int failures, Status.Code code) {
        if (calls.incrementAndGet() <= failures) {
            throw code.toStatus().withDescription("on purpose").asRuntimeException();
        }
        return "answer";
    }
}
