package io.tidegate.gateway.pull;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tidegate.gateway.consumer.Refusal;

/** The wire's word for a refusal. */
final class Statuses {

    private Statuses() {}

    static StatusRuntimeException of(Refusal reason, String message) {
        Status status = switch (reason) {
            case INVALID -> Status.INVALID_ARGUMENT;
            case PRECONDITION -> Status.FAILED_PRECONDITION;
            case UNKNOWN_GROUP -> Status.NOT_FOUND;
            case FENCED -> Status.ABORTED;
            case TRIMMED -> Status.OUT_OF_RANGE;
            case TIMED_OUT -> Status.DEADLINE_EXCEEDED;
            case STOPPING -> Status.UNAVAILABLE;
            case FAILED -> Status.INTERNAL;
        };
        return status.withDescription(message).asRuntimeException();
    }
}
