package io.tidegate.simulator.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.settings.Section;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads metrics and their signals from settings; mistakes are collected in the section. */
public final class MetricReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.~-]+");
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final List<String> KEYS =
            List.of("base", "amplitude", "period", "step", "min", "max", "to", "at", "of", "file", "column");
    private static final Signal NOTHING = new Signal.Constant(0);

    private final Path folder;

    /** @param folder what the names of recorded files are relative to */
    public MetricReader(Path folder) {
        this.folder = folder;
    }

    /** The metrics of a list, at least one. */
    public List<Metric> metrics(Section section, String key) {
        List<Section> listed = section.children(key);
        Set<String> names = new HashSet<>();
        List<Metric> metrics = listed.stream().map(this::metric).toList();
        for (int i = 0; i < metrics.size(); i++) {
            if (!names.add(metrics.get(i).name())) {
                listed.get(i).mistake("name", "a name that no other metric has");
            }
        }
        if (metrics.isEmpty()) {
            section.mistake(key, "at least one metric");
            return List.of(new Metric("value", "", NOTHING, 0));
        }
        return metrics;
    }

    /** A name that can be a level of a topic. */
    public static String name(Section section, String key) {
        String name = section.string(key);
        if (section.has(key) && !isName(name)) {
            section.mistake(key, "letters, digits and _ . ~ - only");
        }
        return name;
    }

    /** Whether it can be a level of a topic that names a device or a metric. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private Metric metric(Section section) {
        return new Metric(
                name(section, "name"),
                section.optionalString("unit").orElse(""),
                signal(section),
                section.has("noise") ? section.number("noise", 0, 1e9) : 0);
    }

    private Signal signal(Section section) {
        Kind kind = section.choice("signal", Kind.class);
        if (!isNamed(section, "signal", kind)) {
            KEYS.forEach(section::has); // none of them is unknown
            return NOTHING;
        }
        return switch (kind) {
            case CONSTANT -> new Signal.Constant(value(section, "base"));
            case SINE ->
                new Signal.Sine(
                        value(section, "base"),
                        value(section, "amplitude"),
                        section.duration("period", MILLISECOND, LONGEST));
            case RANDOM_WALK ->
                new Signal.RandomWalk(
                        value(section, "base"),
                        section.number("step", 0, 1e9),
                        value(section, "min"),
                        value(section, "max"));
            case STEP ->
                new Signal.Step(
                        value(section, "base"), value(section, "to"), section.duration("at", Duration.ZERO, LONGEST));
            case SUM ->
                new Signal.Sum(section.children("of").stream().map(this::signal).toList());
            case REPLAY -> replay(section);
        };
    }

    private Signal replay(Section section) {
        String file = section.string("file");
        String column = section.string("column");
        if (file.isEmpty() || column.isEmpty()) {
            return NOTHING; // said already
        }
        try (BufferedReader text = Files.newBufferedReader(folder.resolve(file), UTF_8)) {
            CsvRows rows = new CsvRows(text);
            int index = rows.columns().indexOf(column);
            if (index < 0) {
                section.mistake("column", "one of the columns " + String.join(", ", rows.columns()));
                return NOTHING;
            }
            return replay(section, rows, index);
        } catch (CsvRows.Unreadable e) {
            section.mistake("file", "a CSV file (" + e.getMessage() + ")");
        } catch (IOException e) {
            section.mistake("file", "a CSV file that can be read (" + e + ")");
        }
        return NOTHING;
    }

    /** The column's numbers from top to bottom. */
    private static Signal replay(Section section, CsvRows rows, int index) {
        List<Double> values = new ArrayList<>();
        while (rows.hasNext()) {
            CsvRows.Row row = rows.next();
            try {
                values.add(Double.parseDouble(row.cell(index)));
            } catch (NumberFormatException e) {
                String column = rows.columns().get(index);
                section.mistake("file", "a number under " + column + " in line " + row.line());
                return NOTHING;
            }
        }
        if (values.isEmpty()) {
            section.mistake("file", "at least one line below the names of the columns");
            return NOTHING;
        }
        return new Signal.Replay(values);
    }

    /** Whether the constant is what stands there, not merely in place of a mistake. */
    public static boolean isNamed(Section section, String key, Enum<?> constant) {
        String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return section.optionalString(key).filter(name::equals).isPresent();
    }

    private static double value(Section section, String key) {
        return section.number(key, -1e9, 1e9);
    }

    /** The kinds of signal as settings name them. */
    enum Kind {
        CONSTANT,
        SINE,
        RANDOM_WALK,
        STEP,
        SUM,
        REPLAY
    }
}
