package io.tidegate.settings;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * What environment variables and system properties say, found when a key is read: optional keys stand in no reference.conf,
 * so that only a reader knows them. A system property beats a variable. Keys inside lists cannot be overridden.
 */
final class Overrides {

    private static final String ENVIRONMENT = "environment ";

    private final Map<String, String> properties = new TreeMap<>();
    private final Map<String, String> variables = new TreeMap<>();
    private final Set<String> used = new HashSet<>();

    Overrides(String root, Map<String, String> environment, Properties system) {
        for (String key : system.stringPropertyNames()) {
            if (key.startsWith(root + ".")) {
                properties.put(key, system.getProperty(key));
            }
        }
        String prefix = root.replace('.', '_').toUpperCase(Locale.ROOT) + "_";
        environment.forEach((name, value) -> {
            if (name.toUpperCase(Locale.ROOT).startsWith(prefix)) {
                variables.put(name, value);
            }
        });
    }

    /** The newest word on a full key; its origin says whose. */
    Optional<ConfigValue> find(String key) {
        Optional<ConfigValue> found = Optional.empty();
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            if (folded(variable.getKey()).equals(folded(key))) {
                found = Optional.of(value(variable.getValue(), ENVIRONMENT + variable.getKey()));
            }
        }
        String property = properties.get(key);
        return property == null ? found : Optional.of(value(property, "-D" + key));
    }

    private ConfigValue value(String text, String origin) {
        used.add(origin);
        return ConfigValueFactory.fromAnyRef(text, origin);
    }

    /** Those that no reader asked for: their origin, and the key that they seem to mean. */
    List<Unused> unused() {
        List<Unused> unused = new ArrayList<>();
        for (String name : variables.keySet()) {
            if (!used.contains(ENVIRONMENT + name)) {
                unused.add(new Unused(
                        ENVIRONMENT + name, name.toLowerCase(Locale.ROOT).replace('_', '.')));
            }
        }
        for (String key : properties.keySet()) {
            if (!used.contains("-D" + key)) {
                unused.add(new Unused("-D" + key, key));
            }
        }
        return unused;
    }

    /** An override of a key that nobody reads. */
    record Unused(String origin, String key) {}

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }
}
