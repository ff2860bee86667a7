package io.tidegate.gateway.serve;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Why a request was refused or a session ended; docs/pull-protocol.md says what a receiver does about each. */
public enum RefusalReason {
    /** The request makes no sense at any time. */
    INVALID(Status.Code.INVALID_ARGUMENT),
    /** The request doesn't fit this gateway's state. */
    PRECONDITION(Status.Code.FAILED_PRECONDITION),
    /** Nobody knows the group. */
    UNKNOWN_GROUP(Status.Code.NOT_FOUND),
    /** A newer run or a newer session has taken over. */
    FENCED(Status.Code.ABORTED),
    /** What is asked for is gone for good. */
    TRIMMED(Status.Code.OUT_OF_RANGE),
    /** The receiver was not heard for too long. */
    TIMED_OUT(Status.Code.DEADLINE_EXCEEDED),
    /** The gateway is stopping. */
    STOPPING(Status.Code.UNAVAILABLE),
    /** A defect or a broken disk of the gateway. */
    FAILED(Status.Code.INTERNAL);

    private final Status.Code code;

    RefusalReason(Status.Code code) {
        this.code = code;
    }

    /** The same on the wire. */
    StatusRuntimeException onTheWire(String message) {
        return code.toStatus().withDescription(message).asRuntimeException();
    }
}
