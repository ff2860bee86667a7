package io.tidegate.gateway.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The elements of a JSON array by their bytes, so that each is read, and refused, for itself. */
public final class JsonArraySplitter {

    private static final int DEPTH = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** Who gets them. */
    public interface Each {

        /** One element: an object, or the text of a string. */
        void element(byte[] bytes, int from, int to, int number);

        /** From here on there is no JSON that can be taken apart. */
        void broken(byte[] bytes, int from, int number, MalformedInput why);
    }

    private JsonArraySplitter() {}

    /** Whether the body is an array of objects or strings, and no line that begins with a bracket. */
    public static boolean isArray(byte[] body) {
        int bracket = skipSpace(body, 0);
        int next = skipSpace(body, bracket + 1);
        return bracket < body.length
                && body[bracket] == '['
                && next < body.length
                && (body[next] == '{' || body[next] == '"' || body[next] == ']');
    }

    /** Whether the body is one JSON object, perhaps of several lines. */
    public static boolean isOneObject(byte[] body) {
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** Tells each element of an array, with its bytes. */
    public static void ofArray(byte[] body, Each each) {
        int number = 0;
        int behind = 0;
        try (JsonParser parser = JSON.createParser(body)) {
            parser.nextToken();
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                number++;
                int from = (int) parser.currentTokenLocation().getByteOffset();
                if (token == JsonToken.VALUE_STRING) {
                    byte[] text = parser.getText().getBytes(UTF_8);
                    each.element(text, 0, text.length, number);
                } else {
                    parser.skipChildren();
                    each.element(body, from, (int) parser.currentLocation().getByteOffset(), number);
                }
                behind = (int) parser.currentLocation().getByteOffset();
            }
            behind = (int) parser.currentLocation().getByteOffset();
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows the array");
            }
        } catch (JsonProcessingException e) {
            each.broken(
                    body,
                    behind,
                    number + 1,
                    new MalformedInput(
                            Reason.INVALID_JSON,
                            "behind item " + number + ", offset " + behind + ": " + e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be read", e);
        }
    }

    private static int skipSpace(byte[] body, int from) {
        int at = from;
        while (at < body.length && (body[at] == ' ' || body[at] == '\t' || body[at] == '\r' || body[at] == '\n')) {
            at++;
        }
        return at;
    }
}
