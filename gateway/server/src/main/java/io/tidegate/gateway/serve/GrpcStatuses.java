package io.tidegate.gateway.serve;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** The wire's word for a refusal. */
final class GrpcStatuses {

    private GrpcStatuses() {}

    static StatusRuntimeException of(RefusalReason reason, String message) {
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
