package io.tidegate.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/**
 * What a page answers.
 *
 * @param contentType with its charset, where it has one
 * @param allow the methods that a path knows, in a 405; else empty
 */
public record Reply(int status, String contentType, String body, String allow) {

    /** The media type of JSON. */
    public static final String JSON_TYPE = "application/json";

    /** How long a sender that is refused should wait. */
    private static final String RETRY_AFTER_SECONDS = "5";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** An answer to a method that the path knows. */
    public Reply(int status, String contentType, String body) {
        this(status, contentType, body, "");
    }

    /** A record or a map as JSON. */
    public static Reply json(int status, Object body) {
        return new Reply(status, JSON_TYPE, text(body) + "\n");
    }

    /** A record or a map as the text of JSON. */
    public static String text(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a page that is no JSON", e);
        }
    }

    /** What is wrong on our side, and may work later. */
    public static Reply broken() {
        return error(503, "it failed; the gateway's log says why");
    }

    /** The sender has no token. */
    public static Reply unauthorized() {
        return error(401, "Authorization (expected: Bearer and one of http.ingest.tokens)");
    }

    /** Another method than these. */
    public static Reply onlyFor(String methods) {
        Reply reply = error(405, "expected: " + methods);
        return new Reply(reply.status, reply.contentType, reply.body, methods);
    }

    /** What is wrong, as JSON: {@code {"error": …}}. */
    public static Reply error(int status, String sentence) {
        return json(status, Map.of("error", sentence));
    }

    /** The same for Akka HTTP, with the headers that its status asks for. */
    public HttpResponse response() {
        HttpResponse response =
                HttpResponse.create().withStatus(status).withEntity(contentTypeOfAkka(), body.getBytes(UTF_8));
        return switch (status) {
            case 401 -> response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
            case 405 -> response.addHeader(RawHeader.create("Allow", allow));
            case 429, 503 -> response.addHeader(RawHeader.create("Retry-After", RETRY_AFTER_SECONDS));
            default -> response;
        };
    }

    private ContentType contentTypeOfAkka() {
        return contentType.equals(JSON_TYPE) ? ContentTypes.APPLICATION_JSON : ContentTypes.parse(contentType);
    }
}
