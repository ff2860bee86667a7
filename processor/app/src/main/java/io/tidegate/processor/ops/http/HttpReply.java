package io.tidegate.processor.ops.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a page answers. */
public record HttpReply(int status, String contentType, String body) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Any value as JSON: maps, lists, records, texts, numbers. */
    public static HttpReply json(int status, Object value) {
        try {
            return new HttpReply(status, "application/json", JSON.writeValueAsString(value) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not to be written as JSON: " + value.getClass(), e);
        }
    }

    /** Plain text of some type. */
    public static HttpReply text(String contentType, String body) {
        return new HttpReply(200, contentType, body);
    }
}
