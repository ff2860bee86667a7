package io.tidegate.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A process's settings: its reference.conf, under a file, under the environment, under system properties.
 *
 * <pre>{@code
 * Settings settings = Settings.load("tidegate.gateway", file, System.getenv(), System.getProperties());
 * GatewaySettings gateway = GatewaySettings.from(settings.section());
 * settings.finish(); // throws InvalidSettings with all mistakes
 * }</pre>
 *
 * <p>Not thread-safe: read once, at start, into records.
 */
public final class Settings {

    private final String root;
    private final MistakeCollector mistakes;
    private final ConfigObject reference;
    private final ConfigObject merged;
    private final List<Mistake> unreadable;

    private Settings(String root, MistakeCollector mistakes, ConfigObject reference, ConfigObject merged) {
        this.root = root;
        this.mistakes = mistakes;
        this.reference = reference;
        this.merged = merged;
        this.unreadable = mistakes.mistakes();
    }

    /**
     * Loads, and throws nothing: a file that is absent or no HOCON is a mistake that {@link #finish} tells.
     *
     * @param root the process's part of all files, {@code tidegate.gateway}
     * @param file what overlays every reference.conf of the class path; null for none
     * @param environment {@code TIDEGATE_GATEWAY_HTTP_PORT} is {@code tidegate.gateway.http.port}; dashes of a key are left
     *     out or written as {@code _}
     * @param system properties by full key
     */
    public static Settings load(String root, @Nullable Path file, Map<String, String> environment, Properties system) {
        MistakeCollector mistakes = new MistakeCollector(file, new Overrides(root, environment, system));
        ConfigText source = new ConfigText(mistakes);
        Config reference = ConfigText.reference();
        Config user = source.file(file);
        UnknownKeys.recordMisplaced(mistakes, root, user);
        Config merged = source.resolved(user.withFallback(reference), environment);
        Config known = user.isEmpty() ? merged : source.resolved(reference, environment);
        return new Settings(root, mistakes, object(known, root, mistakes), object(merged, root, mistakes));
    }

    /** The root section. */
    public Section section() {
        return new Section(mistakes, root, merged, merged.origin());
    }

    /**
     * To be called when every section has been read: only then it is known which keys nobody reads.
     *
     * @throws InvalidSettings with every mistake; when the file could not be read, with that alone
     */
    public void finish() throws InvalidSettings {
        if (!unreadable.isEmpty()) {
            throw new InvalidSettings(unreadable);
        }
        UnknownKeys.record(mistakes, root, reference, merged);
        if (!mistakes.mistakes().isEmpty()) {
            throw new InvalidSettings(mistakes.mistakes());
        }
    }

    private static ConfigObject object(Config config, String root, MistakeCollector mistakes) {
        if (!config.hasPath(root)) {
            return ConfigFactory.empty().root();
        }
        ConfigValue value = config.getValue(root);
        if (value instanceof ConfigObject object) {
            return object;
        }
        mistakes.add(new Mistake(mistakes.where(value.origin()), root, ShownValue.of(root, value), "an object { … }"));
        return ConfigFactory.empty().root();
    }
}
