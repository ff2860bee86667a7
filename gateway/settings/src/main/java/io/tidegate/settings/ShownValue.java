package io.tidegate.settings;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A value as a mistake may show it: on one line, not endless, without secrets. */
final class ShownValue {

    static final String NOTHING = "nothing";

    private static final String HIDDEN = "(hidden)";
    private static final int LONGEST = 200;
    private static final Pattern SECRET = Pattern.compile("(?:password|token|secret)s?$");
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]*@");
    private static final Pattern PARAMETER =
            Pattern.compile("((?:password|token|secret)\\s*[=:]\\s*)[^&;,\\s]+", Pattern.CASE_INSENSITIVE);

    private ShownValue() {}

    /** Whether the value of a key, or of an element of a list under it, must never be shown. */
    static boolean isSecret(String key) {
        String last = key.substring(key.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return SECRET.matcher(last.replaceAll("\\[\\d+]$|[\"]", "")).find();
    }

    /** What stands at a key. */
    static String of(String key, ConfigValue value) {
        String text = render(key, value);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    private static String render(String key, ConfigValue value) {
        if (isSecret(key)) {
            return HIDDEN;
        }
        if (value instanceof ConfigObject object) {
            return new TreeMap<>(object)
                    .entrySet().stream()
                            .map(e -> e.getKey() + "=" + render(e.getKey(), e.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof ConfigList list) {
            return list.stream().map(v -> render(key, v)).collect(Collectors.joining(", ", "[", "]"));
        }
        return value.valueType() == ConfigValueType.NULL ? "null" : text(String.valueOf(value.unwrapped()));
    }

    /** Text without what looks like a password in an address, on one line. */
    static String text(String given) {
        String open = USER_INFO.matcher(given).replaceAll("***@");
        String safe = PARAMETER.matcher(open).replaceAll("$1***");
        return safe.isEmpty() ? "\"\"" : safe.replace("\r", "").replace("\n", "\\n");
    }
}
