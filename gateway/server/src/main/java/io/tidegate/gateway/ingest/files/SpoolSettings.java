package io.tidegate.gateway.ingest.files;

import io.tidegate.settings.Section;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * A folder into which complete files are moved.
 *
 * @param name labels its metrics, its dead letters and its line in the ledger
 */
public record SpoolSettings(String name, Path dir, Rules rules) {

    /** What becomes of a file that has been read. */
    public enum Done {
        /** It gets the suffix. */
        RENAME,
        /** It is deleted. */
        DELETE,
        /** It stays, and a file of its name with the suffix is made in the tracker folder. */
        TRACK
    }

    /**
     * How the folder is read.
     *
     * @param match globs, one of which a file's name must match
     * @param ignore globs, none of which it may match
     * @param settle a file is complete when it has not changed for so long
     * @param tracker where files with the suffix are made, in the folder unless absolute
     * @param quarantine where bad files go, in the folder unless absolute
     * @param remember so many files that are gone are known again by name and content
     */
    record Rules(
            List<String> match,
            List<String> ignore,
            Duration settle,
            Done done,
            String suffix,
            String tracker,
            String quarantine,
            int remember,
            FileSettings files) {

        private static Rules from(Section section) {
            return new Rules(
                    globs(section, "match"),
                    globs(section, "ignore"),
                    section.duration("settle", Duration.ZERO, Duration.ofDays(1)),
                    section.choice("done", Done.class),
                    ending(section),
                    folder(section, "tracker"),
                    folder(section, "quarantine"),
                    section.integer("remember", 0, 1_000_000),
                    FileSettings.from(section));
        }
    }

    /** Reads {@code tidegate.gateway.spool}, for its mistakes. */
    public static void check(Section common) {
        Rules unused = Rules.from(common);
    }

    /**
     * Reads one of {@code tidegate.gateway.sources}.
     *
     * @param common {@code tidegate.gateway.spool}, any key of which it may repeat
     */
    public static SpoolSettings from(String name, Section source, Section common) {
        return new SpoolSettings(name, Path.of(folder(source, "dir")), Rules.from(source.over(common)));
    }

    private static String folder(Section section, String key) {
        String given = section.string(key);
        if (given.isEmpty()) {
            section.mistake(key, "the name of a folder");
        }
        try {
            return Path.of(given).toString();
        } catch (InvalidPathException e) {
            section.mistake(key, "a folder that this locale can name (LC_ALL=C.UTF-8 can)");
            return "";
        }
    }

    private static String ending(Section section) {
        String suffix = section.string("suffix");
        if (suffix.isEmpty() || suffix.contains("/")) {
            section.mistake("suffix", "the end of a file's name, such as .COMPLETED");
        }
        return suffix;
    }

    private static List<String> globs(Section section, String key) {
        List<String> globs = section.strings(key);
        for (String glob : globs) {
            try {
                FileSystems.getDefault().getPathMatcher("glob:" + glob);
            } catch (PatternSyntaxException e) {
                section.mistake(key, "globs such as *.log, but " + glob + " is none");
            }
        }
        return globs;
    }

    Path tracker() {
        return dir.resolve(rules.tracker());
    }

    Path quarantine() {
        return dir.resolve(rules.quarantine());
    }
}
