package io.tidegate.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the keys that the user wrote and nobody reads. Their values are never shown: a mistyped {@code pasword} is still a
 * secret.
 */
final class UnknownKeys {

    private static final String GIVEN = "an unknown key";

    private final MistakeCollector mistakes;
    private final String root;
    /** Full keys, with {@code []} for every index. */
    private final Set<String> known = new HashSet<>();

    private UnknownKeys(MistakeCollector mistakes, String root, ConfigObject reference) {
        this.mistakes = mistakes;
        this.root = root;
        addAll(reference, root);
        mistakes.read().forEach(key -> known.add(folded(key)));
    }

    /** Records every unknown key as a mistake. */
    static void record(MistakeCollector mistakes, String root, ConfigObject reference, ConfigObject settings) {
        UnknownKeys unknown = new UnknownKeys(mistakes, root, reference);
        unknown.check(settings, root);
        for (Overrides.Unused override : mistakes.unusedOverrides()) {
            mistakes.add(
                    new Mistake(override.origin(), override.key(), GIVEN, unknown.expectedInstead(override.key())));
        }
    }

    /** A file that never mentions the root, or misspells it, would otherwise be ignored without a word. */
    static void recordMisplaced(MistakeCollector mistakes, String root, Config file) {
        if (file.isEmpty() || file.hasPathOrNull(root)) {
            return;
        }
        int dot = root.lastIndexOf('.');
        String parent = root.substring(0, dot);
        boolean parentThere = file.hasPath(parent) && file.getValue(parent) instanceof ConfigObject;
        ConfigObject siblings = parentThere ? file.getConfig(parent).root() : file.root();
        String expected = parentThere ? root.substring(dot + 1) : parent;
        boolean misspelt = Suggestion.nearest(expected, siblings.keySet()).isPresent();
        if (!parentThere || misspelt) {
            String names = String.join(", ", new TreeSet<>(siblings.keySet()));
            String where = mistakes.where(siblings.origin());
            mistakes.add(new Mistake(where, parentThere ? parent : "", "only " + names, "settings under " + root));
        }
    }

    private void addAll(ConfigObject object, String path) {
        object.forEach((name, value) -> {
            String key = path + "." + ConfigUtil.joinPath(name);
            known.add(key);
            if (value instanceof ConfigObject child) {
                addAll(child, key);
            }
        });
    }

    private void check(ConfigObject object, String path) {
        for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
            String key = path + "." + ConfigUtil.joinPath(entry.getKey());
            ConfigValue value = entry.getValue();
            if (!isKnown(key)) {
                unknown(key, value.origin());
            } else if (value instanceof ConfigObject child && hasBelow(key)) {
                check(child, key);
            } else if (value instanceof ConfigList list) {
                checkElements(list, key);
            }
        }
    }

    private void checkElements(ConfigList list, String key) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof ConfigObject child && hasBelow(key + "[" + i + "]")) {
                check(child, key + "[" + i + "]");
            }
        }
    }

    private void unknown(String key, ConfigOrigin origin) {
        boolean ours = origin.filename() == null && origin.resource() != null;
        if (!ours) {
            mistakes.add(new Mistake(mistakes.where(origin), key, GIVEN, expectedInstead(key)));
        }
    }

    private boolean isKnown(String key) {
        return mistakes.read().contains(key) || (!key.contains("[") && known.contains(key)) || hasBelow(key);
    }

    private boolean hasBelow(String key) {
        String prefix = folded(key) + ".";
        return known.stream().anyMatch(k -> k.startsWith(prefix));
    }

    private String expectedInstead(String key) {
        int dot = key.lastIndexOf('.');
        String prefix = folded(key.substring(0, dot)) + ".";
        List<String> siblings = known.stream()
                .filter(k -> k.startsWith(prefix) && k.indexOf('.', prefix.length()) < 0)
                .map(k -> k.substring(prefix.length()))
                .sorted()
                .toList();
        String hint = Suggestion.nearest(key.substring(dot + 1), siblings)
                .or(() -> Suggestion.nearest(key, known))
                .map(word -> "; did you mean " + word + "?")
                .orElse("");
        return siblings.isEmpty() ? "a known key of " + root + hint : "one of " + String.join(", ", siblings) + hint;
    }

    private static String folded(String key) {
        return key.replaceAll("\\[\\d+]", "[]");
    }
}
