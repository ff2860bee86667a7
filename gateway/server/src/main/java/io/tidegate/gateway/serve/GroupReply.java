package io.tidegate.gateway.serve;

import io.tidegate.gateway.log.GroupCursors;

/** What a consumer group answers. */
public sealed interface GroupReply {

    /** Done, or known: this is where the group stands. */
    record Granted(GroupCursors cursors) implements GroupReply {}

    /** Refused; nothing has changed. */
    record Refused(RefusalReason reason, String message) implements GroupReply {}
}
