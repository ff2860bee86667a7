package io.tidegate.gateway.ingest.http;

import io.tidegate.gateway.http.Reply;

/** How a request is refused from inside a stage. */
final class RequestRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Reply reply;

    RequestRefused(Reply reply) {
        super("refused", null, false, false);
        this.reply = reply;
    }

    /** What the request is answered. */
    Reply reply() {
        return reply;
    }
}
