package io.tidegate.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the texts: what is absent or no HOCON becomes a mistake. */
final class ConfigText {

    private static final Pattern SECRET = Pattern.compile("(?i)password|token|secret");
    private static final Pattern POSITION = Pattern.compile("^.*?: \\d+: ");

    private final MistakeCollector mistakes;

    ConfigText(MistakeCollector mistakes) {
        this.mistakes = mistakes;
    }

    /** All reference.conf of the class path, not resolved. */
    static Config reference() {
        return ConfigFactory.parseResourcesAnySyntax(ConfigText.class.getClassLoader(), "reference");
    }

    /** The user's file, not resolved; empty when there is none. */
    Config file(@Nullable Path file) {
        if (file == null) {
            return ConfigFactory.empty();
        }
        if (!Files.isRegularFile(file)) {
            mistakes.add(new Mistake(file.toString(), "", "no such file", "a readable file"));
            return ConfigFactory.empty();
        }
        try {
            return ConfigFactory.parseFile(
                    file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
        } catch (ConfigException e) {
            record(e, file);
            return ConfigFactory.empty();
        }
    }

    /** With every <code>${…}</code> replaced, from the settings themselves or from the environment. */
    Config resolved(Config config, Map<String, String> environment) {
        Config outside = ConfigValueFactory.fromMap(environment, "environment").toConfig();
        try {
            return config.withFallback(outside)
                    .resolve(ConfigResolveOptions.defaults().setUseSystemEnvironment(false));
        } catch (ConfigException e) {
            record(e, null);
            return ConfigFactory.empty();
        }
    }

    private void record(ConfigException e, @Nullable Path file) {
        ConfigOrigin origin = e.origin();
        String where = origin != null ? mistakes.where(origin) : String.valueOf(file);
        String message = POSITION.matcher(String.valueOf(e.getMessage())).replaceFirst("");
        boolean secret = origin != null && isAboutSecret(origin);
        String given = secret ? "text that is hidden, for it may be a secret" : ShownValue.text(message);
        mistakes.add(new Mistake(where, "", given, "HOCON"));
    }

    /** The parser quotes what it stumbles over; that line, or the one before, may hold a secret. */
    private static boolean isAboutSecret(ConfigOrigin origin) {
        if (origin.filename() == null) {
            return false;
        }
        try {
            List<String> lines = Files.readAllLines(Path.of(origin.filename()));
            int line = Math.min(origin.lineNumber(), lines.size());
            return line < 1
                    || lines.subList(Math.max(0, line - 2), line).stream()
                            .anyMatch(text -> SECRET.matcher(text).find());
        } catch (IOException e) {
            return true;
        }
    }
}
