package io.tidegate.settings;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What all sections of one reading find out together: the mistakes, and which keys somebody reads. Not thread-safe. */
final class MistakeCollector {

    private final @Nullable Path file;
    private final Overrides overrides;
    private final Set<Mistake> mistakes = new LinkedHashSet<>();
    private final Set<String> refused = new HashSet<>();
    private final Set<String> read = new HashSet<>();

    MistakeCollector(@Nullable Path file, Overrides overrides) {
        this.file = file;
        this.overrides = overrides;
    }

    /** Notes that a key is known, and finds what overrides it. */
    Optional<ConfigValue> reading(String key) {
        read.add(key);
        return overrides.find(key);
    }

    Set<String> read() {
        return read;
    }

    List<Overrides.Unused> unusedOverrides() {
        return overrides.unused();
    }

    /** A value that could not be used: rules that are checked on what was returned in its place say nothing more. */
    void refuse(String key, Mistake mistake) {
        if (refused.add(key)) {
            mistakes.add(mistake);
        }
    }

    /** A rule that a readable value breaks. */
    void broken(String key, Mistake mistake) {
        if (!refused.contains(key)) {
            mistakes.add(mistake);
        }
    }

    void add(Mistake mistake) {
        mistakes.add(mistake);
    }

    List<Mistake> mistakes() {
        return new ArrayList<>(mistakes);
    }

    /** {@code file:line} as the user named the file, or the name of an override. */
    String where(ConfigOrigin origin) {
        String name = origin.filename() != null ? origin.filename() : origin.resource();
        if (name == null) {
            boolean merged = origin.description().startsWith("merge of ");
            return merged && file != null ? file.toString() : origin.description();
        }
        if (file != null && Path.of(name).toAbsolutePath().equals(file.toAbsolutePath())) {
            name = file.toString();
        }
        return origin.lineNumber() > 0 ? name + ":" + origin.lineNumber() : name;
    }
}
