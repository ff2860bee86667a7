package io.tidegate.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/**
 * What a page answers.
 *
 * @param contentType with its charset, where it has one
 */
record Reply(int status, String contentType, String body) {

    static final String JSON_TYPE = "application/json";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A record or a map as JSON. */
    static Reply json(int status, Object body) {
        try {
            return new Reply(status, JSON_TYPE, JSON.writeValueAsString(body) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a page that is no JSON", e);
        }
    }

    static Reply error(int status, String sentence) {
        return json(status, Map.of("error", sentence));
    }
}
