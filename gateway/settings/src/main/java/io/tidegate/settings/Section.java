package io.tidegate.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An object of the settings. Reading never throws: a key that is absent, of another type or out of range is recorded as a
 * mistake, and something harmless comes back, so that all mistakes are found at once; {@link Settings#finish} tells them.
 * One mistake per key that cannot be read; rules on top of it ({@link #mistake}) are silent then. Not thread-safe.
 */
public final class Section {

    private static final String IT = "it";

    private final MistakeCollector mistakes;
    private final String path;
    private final Config config;
    private final ConfigOrigin origin;
    private final @Nullable Section common;

    Section(MistakeCollector mistakes, String path, ConfigObject object, ConfigOrigin origin) {
        this(mistakes, path, object.toConfig(), origin, null);
    }

    private Section(
            MistakeCollector mistakes, String path, Config config, ConfigOrigin origin, @Nullable Section common) {
        this.mistakes = mistakes;
        this.path = path;
        this.config = config;
        this.origin = origin;
        this.common = common;
    }

    /** The same over what it has in common with others: a value that does not stand here is read there. */
    public Section over(Section others) {
        return new Section(mistakes, path, config, origin, others);
    }

    /** Whether something stands at the key; null is nothing. */
    public boolean has(String key) {
        return at(key).value(key).isPresent();
    }

    /** Where the key stands. */
    private Section at(String key) {
        return common == null || value(key).isPresent() ? this : common;
    }

    /** Text; required. In place of a mistake: empty. */
    public String string(String key) {
        return read(key, "text", "", Section::text);
    }

    /** Text, or nothing. */
    public Optional<String> optionalString(String key) {
        return has(key) ? Optional.of(string(key)) : Optional.empty();
    }

    /** A whole number; required. In place of a mistake: the nearest to zero. */
    public int integer(String key, int min, int max) {
        boolean bounded = max != Integer.MAX_VALUE;
        String expected = "a whole number " + Amount.range(String.valueOf(min), String.valueOf(max), bounded);
        return (int) ranged(key, min, max, expected, Section::exact);
    }

    /** A size, {@code 64MiB}, in bytes; required. In place of a mistake: the nearest to zero. */
    public long bytes(String key, long min, long max) {
        String range = Amount.range(Amount.ofBytes(min), Amount.ofBytes(max), max != Long.MAX_VALUE);
        return ranged(key, min, max, "a size such as 64MiB, " + range, Config::getBytes);
    }

    /** A number; required. In place of a mistake: the nearest to zero. */
    public double number(String key, double min, double max) {
        boolean bounded = max < Double.MAX_VALUE;
        String expected = "a number " + Amount.range(Amount.of(min), Amount.of(max), bounded);
        double harmless = Math.max(min, Math.min(max, 0));
        return read(key, expected, harmless, (c, k) -> within(c.getDouble(k), min, max));
    }

    /** True or false; required. In place of a mistake: false. */
    public boolean bool(String key) {
        return read(key, "true or false", false, Config::getBoolean);
    }

    /** A duration with its unit, {@code 500ms}, {@code 5m}; required. In place of a mistake: the least. */
    public Duration duration(String key, Duration min, Duration max) {
        String expected = "a duration such as 5s, " + Amount.range(Amount.of(min), Amount.of(max), true);
        return read(key, expected, min, (c, k) -> {
            Duration given = withUnit(c, k);
            if (given.compareTo(min) < 0 || given.compareTo(max) > 0) {
                throw new IllegalArgumentException("out of range");
            }
            return given;
        });
    }

    /** A constant in lower case with dashes, {@code at-least-once}; required. In place of a mistake: the first. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        E[] constants = type.getEnumConstants();
        String names = Arrays.stream(constants).map(Section::name).collect(Collectors.joining(", "));
        return read(key, "one of " + names, constants[0], (c, k) -> {
            String given = text(c, k);
            return Arrays.stream(constants)
                    .filter(e -> name(e).equals(given))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown"));
        });
    }

    /** A list of texts; required. In the environment also {@code a,b}. In place of a mistake: empty. */
    public List<String> strings(String key) {
        return read(key, "a list of texts such as [a, b]", List.of(), (c, k) -> {
            List<String> texts = new ArrayList<>();
            for (ConfigValue element : list(c, k)) {
                texts.add(text(element.atKey(IT), IT));
            }
            return List.copyOf(texts);
        });
    }

    /** An object; when it is absent, an empty one, whose required keys are reported when they are read. */
    public Section child(String key) {
        Optional<ConfigValue> value = value(key);
        if (value.isEmpty()) {
            return new Section(mistakes, full(key), ConfigFactory.empty().root(), origin);
        }
        if (value.get() instanceof ConfigObject object) {
            return new Section(mistakes, full(key), object, object.origin());
        }
        refuse(key, "an object { … }");
        return new Section(
                mistakes, full(key), ConfigFactory.empty().root(), value.get().origin());
    }

    /** A list of objects; required. In place of a mistake: empty. */
    public List<Section> children(String key) {
        return read(key, "a list of objects such as [{ … }, { … }]", List.of(), (c, k) -> {
            List<Section> children = new ArrayList<>();
            for (ConfigValue element : list(c, k)) {
                String at = full(key) + "[" + children.size() + "]";
                if (!(element instanceof ConfigObject object)) {
                    throw new IllegalArgumentException("no object");
                }
                children.add(new Section(mistakes, at, object, object.origin()));
            }
            return List.copyOf(children);
        });
    }

    /**
     * Records that a rule is broken which reading one key cannot check; says nothing when the key itself could not be read.
     *
     * @param expected what should stand there, to follow "expected:"
     */
    public void mistake(String key, String expected) {
        Section at = at(key);
        mistakes.broken(at.full(key), at.toMistake(key, expected));
    }

    /** The full key of this section, {@code tidegate.processor.queries[2]}. */
    public String path() {
        return path;
    }

    private interface Reader<T> {
        T read(Config config, String key);
    }

    private <T> T read(String key, String expected, T harmless, Reader<T> reader) {
        Section at = at(key);
        Optional<ConfigValue> value = at.value(key);
        if (value.isPresent()) {
            try {
                return reader.read(value.get().atKey(IT), IT);
            } catch (ConfigException | IllegalArgumentException | ArithmeticException e) {
                // Told below with what is expected, which says more than the exception.
            }
        }
        at.refuse(key, expected);
        return harmless;
    }

    private long ranged(String key, long min, long max, String expected, Reader<Long> reader) {
        long harmless = Math.max(min, Math.min(max, 0));
        return read(key, expected, harmless, (c, k) -> {
            long given = reader.read(c, k);
            if (given < min || given > max) {
                throw new IllegalArgumentException("out of range");
            }
            return given;
        });
    }

    private void refuse(String key, String expected) {
        mistakes.refuse(full(key), toMistake(key, expected));
    }

    private Mistake toMistake(String key, String expected) {
        Optional<ConfigValue> value = value(key);
        return new Mistake(
                mistakes.where(value.map(ConfigValue::origin).orElse(origin)),
                full(key),
                value.map(v -> ShownValue.of(key, v)).orElse(ShownValue.NOTHING),
                expected);
    }

    private Optional<ConfigValue> value(String key) {
        return mistakes.reading(full(key))
                .or(() -> config.hasPath(key) ? Optional.of(config.getValue(key)) : Optional.empty());
    }

    private String full(String key) {
        return path + "." + key;
    }

    private static String text(Config config, String key) {
        return config.getString(key);
    }

    private static long exact(Config config, String key) {
        return new BigDecimal(text(config, key).strip()).longValueExact();
    }

    private static double within(double given, double min, double max) {
        if (!(given >= min && given <= max)) {
            throw new IllegalArgumentException("out of range");
        }
        return given;
    }

    /** A bare number would count as milliseconds, which nobody expects of {@code interval = 5}. */
    private static Duration withUnit(Config config, String key) {
        String text = text(config, key).strip();
        if (!text.equals("0") && Character.isDigit(text.charAt(text.length() - 1))) {
            throw new IllegalArgumentException("no unit");
        }
        return config.getDuration(key);
    }

    /** A list; text of an override is read as HOCON in brackets, or as {@code a,b}. */
    private static ConfigList list(Config config, String key) {
        if (config.getValue(key).valueType() != ConfigValueType.STRING) {
            return config.getList(key);
        }
        ConfigOrigin from = config.getValue(key).origin();
        if (from.lineNumber() > 0) {
            throw new ConfigException.WrongType(from, key, "LIST", "STRING");
        }
        String text = text(config, key).strip();
        String hocon = text.startsWith("[") ? text : "[" + text + "]";
        return ConfigFactory.parseString(IT + " = " + hocon).resolve().getList(IT);
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
