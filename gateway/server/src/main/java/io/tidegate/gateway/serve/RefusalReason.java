package io.tidegate.gateway.serve;

/** Why a request was refused or a session ended; docs/pull-protocol.md says what a receiver does about each. */
public enum RefusalReason {
    /** The request makes no sense at any time. */
    INVALID,
    /** The request doesn't fit this gateway's state. */
    PRECONDITION,
    /** Nobody knows the group. */
    UNKNOWN_GROUP,
    /** A newer run or a newer session has taken over. */
    FENCED,
    /** What is asked for is gone for good. */
    TRIMMED,
    /** The receiver was not heard for too long. */
    TIMED_OUT,
    /** The gateway is stopping. */
    STOPPING,
    /** A defect or a broken disk of the gateway. */
    FAILED
}
