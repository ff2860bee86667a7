package io.tidegate.gateway.ingest.http;

import io.tidegate.gateway.http.Reply;
import java.util.concurrent.CompletionException;

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

    /** What made a stage fail, without what the stages behind it have wrapped around it. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
