package io.tidegate.gateway.decode.accesslog;

import io.tidegate.settings.Section;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How access logs are read.
 *
 * @param lineBytes the longest line
 * @param requestTime the unit of the number at the end of a common or combined line
 * @param jsonNames by field the keys of JSON logs that may hold it, the better ones first; nested names are joined by dots
 */
public record AccessLogSettings(int lineBytes, RequestTime requestTime, Map<JsonField, List<String>> jsonNames) {

    /** Keeps its own copy. */
    public AccessLogSettings {
        jsonNames = Map.copyOf(jsonNames);
    }

    /** Reads {@code tidegate.gateway.weblogs}. */
    public static AccessLogSettings from(Section section) {
        Section json = section.child("json");
        Map<JsonField, List<String>> names = new EnumMap<>(JsonField.class);
        Map<String, JsonField> fields = new HashMap<>();
        for (JsonField field : JsonField.values()) {
            names.put(field, json.strings(field.label()));
            for (String name : names.getOrDefault(field, List.of())) {
                if (fields.put(name, field) != null) {
                    json.mistake(field.label(), "names that no other field has, but " + name + " is there twice");
                }
            }
        }
        return new AccessLogSettings(
                (int) section.bytes("max-line", 256, 16 << 20),
                section.choice("request-time", RequestTime.class),
                names);
    }
}
