package io.tidegate.spark.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import org.apache.spark.streaming.scheduler.ReceiverInfo;
import org.apache.spark.streaming.scheduler.StreamingListenerReceiverStopped;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("deprecation")
class RefusalListenerTest {

    private final Throwable expired = Status.OUT_OF_RANGE
            .withDescription("position: 0 (expected: at least 158)")
            .asRuntimeException();

    private final RefusalListener watch = new RefusalListener(3);

    @Test
    void a_refusal_that_was_heard_three_times_in_a_row_ends_the_run_with_the_gateways_words() {
        tell(3, RefusalListener.report(expired, 1));
        tell(3, RefusalListener.report(expired, 2));
        assertThatCode(watch::check).doesNotThrowAnyException();

        tell(3, RefusalListener.report(expired, 3));

        assertThatThrownBy(watch::check)
                .hasMessageContaining("refused by the gateway")
                .hasMessageContaining("158");
    }

    @Test
    void another_streams_receiver_is_not_ours() {
        tell(4, RefusalListener.report(expired, 3));

        assertThatCode(watch::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {
                "ABORTED",
                "UNAVAILABLE",
                "CANCELLED",
                "DEADLINE_EXCEEDED",
                "UNKNOWN",
                "INTERNAL",
                "RESOURCE_EXHAUSTED"
            })
    void what_may_be_better_next_time_is_no_refusal(Status.Code code) {
        assertThat(RefusalListener.isRefusal(Status.fromCode(code).asRuntimeException()))
                .isFalse();
        assertThat(RefusalListener.isRefusal(new IllegalStateException("nothing from the gateway for 15000 ms")))
                .isFalse();
        assertThat(RefusalListener.isRefusal(expired)).isTrue();
    }

    private void tell(int stream, String message) {
        // Spark puts words of its own in front.
        watch.onReceiverStopped(new StreamingListenerReceiverStopped(new ReceiverInfo(
                stream,
                "receiver",
                false,
                "host",
                "driver",
                "Restarting receiver with delay 1 ms: " + message,
                "",
                0)));
    }
}
