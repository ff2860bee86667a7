package io.tidegate.spark.client.internal;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tidegate.spark.internal.Backoff;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries a call again, with growing and jittered pauses, until it is answered or refused for good. */
public final class Retry {

    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);
    private static final int LOG_EVERY = 10;

    /** Without an end. */
    public static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    /** A refusal is believed when it has come so often. */
    public static final int REFUSALS = 3;

    private Retry() {}

    /** The time of a retry: the real one, unless a test has another. */
    interface Time {
        /** As {@link System#nanoTime}. */
        default long nanos() {
            return System.nanoTime();
        }

        /** Waits. */
        default void pause(long ms) throws InterruptedException {
            Thread.sleep(ms);
        }
    }

    /** Whether the same call will be refused again, whatever time does: the request is wrong, or the gateway another one. */
    public static boolean isRefusal(Status.Code code) {
        return switch (code) {
            case INVALID_ARGUMENT,
                    NOT_FOUND,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    ABORTED,
                    ALREADY_EXISTS,
                    UNIMPLEMENTED,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    DATA_LOSS -> true;
            case OK, CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE -> false;
        };
    }

    /**
     * The call's answer. A refusal counts when it has come {@value #REFUSALS} times, as something in between may have sent
     * it or damaged the request's header. An absent gateway is tried for {@code patience}, and at least once.
     *
     * @throws StatusRuntimeException a refusal, any failure once the thread is interrupted, and the last failure when
     *     patience is over
     */
    static <T> T within(Duration patience, String what, Supplier<T> call) {
        return within(patience, what, call, new Time() {});
    }

    /** The same with a time of the caller's. */
    static <T> T within(Duration patience, String what, Supplier<T> call, Time time) {
        long begin = time.nanos();
        int refusals = 0;
        for (int attempt = 0; ; attempt++) {
            try {
                return call.get();
            } catch (StatusRuntimeException e) {
                boolean refused = isRefusal(e.getStatus().getCode());
                refusals += refused ? 1 : 0;
                boolean late = !refused && time.nanos() - begin >= patience.toNanos();
                if (Thread.currentThread().isInterrupted() || refusals == REFUSALS || late) {
                    throw e;
                }
                if (attempt % LOG_EVERY == 0) {
                    LOG.warn("{}: {} (attempt {}; it is tried again)", what, e.getStatus(), attempt + 1);
                }
                pause(time, attempt, e);
            }
        }
    }

    private static void pause(Time time, int attempt, StatusRuntimeException failure) {
        try {
            time.pause(Backoff.pauseMs(attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
