package io.tidegate.processor.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a page answers. */
public record Reply(int status, String contentType, String body) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Any value as JSON: maps, lists, records, texts, numbers. */
    public static Reply json(int status, Object value) {
        try {
            return new Reply(status, "application/json", JSON.writeValueAsString(value) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not to be written as JSON: " + value.getClass(), e);
        }
    }

    /** Plain text of some type. */
    public static Reply text(String contentType, String body) {
        return new Reply(200, contentType, body);
    }
}
