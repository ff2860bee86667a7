package io.tidegate.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/**
 * What a page answers.
 *
 * @param contentType with its charset, where it has one
 * @param allow the methods that a path knows, in a 405; else empty
 */
record Reply(int status, String contentType, String body, String allow) {

    static final String JSON_TYPE = "application/json";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** An answer to a method that the path knows. */
    Reply(int status, String contentType, String body) {
        this(status, contentType, body, "");
    }

    /** A record or a map as JSON. */
    static Reply json(int status, Object body) {
        return new Reply(status, JSON_TYPE, text(body) + "\n");
    }

    /** A record or a map as the text of JSON. */
    static String text(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a page that is no JSON", e);
        }
    }

    /** What is wrong on our side, and may work later. */
    static Reply broken() {
        return error(503, "it failed; the gateway's log says why");
    }

    /** The sender has no token. */
    static Reply unauthorized() {
        return error(401, "Authorization (expected: Bearer and one of http.ingest.tokens)");
    }

    /** Another method than these. */
    static Reply onlyFor(String methods) {
        Reply reply = error(405, "expected: " + methods);
        return new Reply(reply.status, reply.contentType, reply.body, methods);
    }

    static Reply error(int status, String sentence) {
        return json(status, Map.of("error", sentence));
    }
}
