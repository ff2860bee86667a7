package io.tidegate.gateway.http;

/** How a request is refused from inside a stage. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Reply reply;

    Refused(Reply reply) {
        super("refused", null, false, false);
        this.reply = reply;
    }

    /** What the request is answered. */
    Reply reply() {
        return reply;
    }
}
