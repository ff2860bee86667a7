package io.tidegate.gateway.ingest.files;

import io.tidegate.settings.Section;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/**
 * Logs that grow and are rotated.
 *
 * @param name labels its metrics, its dead letters and its line in the ledger
 */
public record TailSettings(String name, List<Log> files, Rules rules) {

    /**
     * One file, or all files of a folder whose names match.
     *
     * @param name a glob
     */
    record Log(Path folder, String name) {

        @Override
        public String toString() {
            return folder.resolve(name).toString();
        }
    }

    /** Where to begin with files that are there when the source starts for the first time. */
    public enum From {
        /** With what comes from now on. */
        END,
        /** With what they hold. */
        START
    }

    /**
     * How logs are read.
     *
     * @param settle a log that was rotated is finished when it has not grown for so long
     * @param maxOpen so many logs are held open at most
     */
    record Rules(From from, Duration settle, int maxOpen, FileSettings files) {

        private static Rules from(Section section) {
            return new Rules(
                    section.choice("from", From.class),
                    section.duration("settle", Duration.ZERO, Duration.ofDays(1)),
                    section.integer("max-open", 1, 100_000),
                    FileSettings.from(section));
        }
    }

    /** Reads {@code tidegate.gateway.tail}, for its mistakes. */
    public static void check(Section common) {
        Rules unused = Rules.from(common);
    }

    /**
     * Reads one of {@code tidegate.gateway.sources}.
     *
     * @param common {@code tidegate.gateway.tail}, any key of which it may repeat
     */
    public static TailSettings from(String name, Section source, Section common) {
        return new TailSettings(name, files(source), Rules.from(source.over(common)));
    }

    private static List<Log> files(Section source) {
        List<Log> logs = new ArrayList<>();
        List<String> given = source.strings("files");
        if (given.isEmpty()) {
            source.mistake("files", "at least one file");
        }
        for (String file : given) {
            int slash = file.lastIndexOf('/');
            String folder = slash < 0 ? "." : file.substring(0, Math.max(1, slash));
            String name = file.substring(slash + 1);
            if (name.isEmpty() || folder.matches(".*[*?\\[{].*") || !isGlob(name)) {
                source.mistake("files", "files such as /var/log/nginx/*.log (a glob in the name only)");
            } else {
                folder(source, folder).ifPresent(path -> logs.add(new Log(path, name)));
            }
        }
        return List.copyOf(logs);
    }

    /** Under a locale such as C no path can be made of names that are not ASCII. */
    private static Optional<Path> folder(Section source, String folder) {
        try {
            return Optional.of(Path.of(folder));
        } catch (InvalidPathException e) {
            source.mistake("files", "files in folders that this locale can name (LC_ALL=C.UTF-8 can)");
            return Optional.empty();
        }
    }

    private static boolean isGlob(String name) {
        try {
            FileSystems.getDefault().getPathMatcher("glob:" + name);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
