package io.tidegate.spark;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries a call again, with growing and jittered pauses, until it is answered. */
final class Retry {

    /** Whether a failed call may be tried again. */
    interface Policy {
        boolean again(Status.Code code);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);
    private static final long FIRST_MS = 100;
    private static final long LONGEST_MS = 5_000;
    private static final int LOG_EVERY = 10;

    private Retry() {}

    /** Everything but "trimmed" can heal. */
    static boolean unlessTrimmed(Status.Code code) {
        return code != Status.Code.OUT_OF_RANGE;
    }

    /** Only a gateway that is away, slow or stopping. */
    static boolean transientOnly(Status.Code code) {
        return code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED;
    }

    /**
     * The call's answer.
     *
     * @throws StatusRuntimeException what the policy gives up on, and any failure once the thread is interrupted
     */
    static <T> T until(String what, Policy policy, Supplier<T> call) {
        for (int attempt = 0; ; attempt++) {
            try {
                return call.get();
            } catch (StatusRuntimeException e) {
                if (Thread.currentThread().isInterrupted()
                        || !policy.again(e.getStatus().getCode())) {
                    throw e;
                }
                if (attempt % LOG_EVERY == 0) {
                    LOG.warn("{}: {} (attempt {}; it is tried until it is answered)", what, e.getStatus(), attempt + 1);
                }
                pause(attempt, e);
            }
        }
    }

    /** How long to wait after a number of failures, counted from 0, in milliseconds. */
    static long pauseMs(int failures) {
        long most = Math.min(LONGEST_MS, FIRST_MS << Math.min(failures, 10));
        return most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
    }

    private static void pause(int attempt, StatusRuntimeException failure) {
        try {
            Thread.sleep(pauseMs(attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
