package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Access logs in JSON, an object a line: nginx with whatever names its {@code log_format} gives, Caddy, Traefik. Which key
 * means what is a table; nested names are joined by dots, of an array the first text counts, other keys are ignored.
 */
final class JsonFormat {

    private static final int DEPTH = 64;
    private static final int NAME_LENGTH = 256;
    private static final int NUMBER_LENGTH = 64;

    /** @param rank among the names of its field; the lowest that is there counts */
    private record Meaning(JsonField field, int rank) {}

    private final Map<String, Meaning> meanings = new HashMap<>();
    private final JsonFactory json;

    JsonFormat(AccessLogSettings settings) {
        settings.jsonNames().forEach((field, names) -> {
            for (int rank = 0; rank < names.size(); rank++) {
                meanings.put(names.get(rank), new Meaning(field, rank));
            }
        });
        // Names come from outside: interned they would stay for ever.
        this.json = JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxDocumentLength(2L * settings.lineBytes())
                        .maxNestingDepth(DEPTH)
                        .maxNameLength(NAME_LENGTH)
                        .maxNumberLength(NUMBER_LENGTH)
                        .maxStringLength(settings.lineBytes())
                        .build())
                .build();
    }

    JsonEntry read(byte[] bytes, int from, int to) throws MalformedInput {
        byte[] utf8 = LogText.repaired(bytes, from, to);
        JsonEntry entry = new JsonEntry();
        try (JsonParser parser = json.createParser(utf8)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedInput(Reason.INVALID_JSON, "byte 0 (expected: an object)");
            }
            object(parser, "", entry);
            if (parser.nextToken() != null) {
                throw new MalformedInput(
                        Reason.INVALID_JSON,
                        "byte " + parser.currentLocation().getByteOffset() + " (expected: the end of the line)");
            }
        } catch (StreamConstraintsException e) {
            throw new MalformedInput(Reason.OVER_LIMIT, e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            long at = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
            throw new MalformedInput(Reason.INVALID_JSON, "byte " + at + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be read", e);
        }
        return entry;
    }

    /** As deep as the parser's limit on nesting allows, and no deeper. */
    private void object(JsonParser parser, String prefix, JsonEntry entry) throws IOException, MalformedInput {
        for (@Nullable String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            String path = prefix.isEmpty() ? name : prefix + name;
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                object(parser, path + ".", entry);
            } else if (token == JsonToken.START_ARRAY) {
                first(parser, path, entry);
            } else {
                value(parser, path, entry);
            }
        }
    }

    private void first(JsonParser parser, String path, JsonEntry entry) throws IOException, MalformedInput {
        boolean taken = false;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!taken && parser.currentToken() == JsonToken.VALUE_STRING) {
                value(parser, path, entry);
                taken = true;
            }
            parser.skipChildren();
        }
    }

    private void value(JsonParser parser, String path, JsonEntry entry) throws IOException, MalformedInput {
        Meaning meaning = meanings.get(path);
        if (meaning == null || parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        String text = parser.getText();
        if (text.isEmpty() || text.equals("-")) {
            return;
        }
        byte[] utf8 = text.getBytes(UTF_8);
        entry.put(meaning.field(), meaning.rank(), utf8);
    }
}
