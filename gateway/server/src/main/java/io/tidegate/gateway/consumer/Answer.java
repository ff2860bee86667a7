package io.tidegate.gateway.consumer;

import io.tidegate.gateway.log.GroupCursors;

/** What a consumer group answers. */
public sealed interface Answer {

    /** Done, or known: this is where the group stands. */
    record Granted(GroupCursors cursors) implements Answer {}

    /** Refused; nothing has changed. */
    record Refused(Refusal reason, String message) implements Answer {}
}
