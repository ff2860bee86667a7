package io.tidegate.gateway.ingest.files;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which names are those of files to read. Names with a dot in front are never: that is how files are called that are not
 * complete.
 */
record NameFilter(List<PathMatcher> include, List<PathMatcher> ignore) implements Predicate<Path> {

    private static final List<String> COMPRESSED = List.of(".gz", ".bz2", ".xz", ".zst", ".zip", ".lz4");

    /** Globs of logs, which a file that was compressed is not any more. */
    static NameFilter ofLogs(List<String> include) {
        return of(include, List.of(), COMPRESSED.stream());
    }

    /** Globs; in {@code ignore} also whole ends of names. */
    static NameFilter of(List<String> include, List<String> ignore, Stream<String> ignoredEnds) {
        return new NameFilter(
                include.stream().map(NameFilter::glob).toList(),
                Stream.concat(ignore.stream().map(NameFilter::glob), ignoredEnds.map(end ->
                                (PathMatcher) name -> name.toString().endsWith(end)))
                        .toList());
    }

    private static PathMatcher glob(String glob) {
        return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    }

    @Override
    public boolean test(Path name) {
        return !name.toString().startsWith(".")
                && include.stream().anyMatch(matcher -> matcher.matches(name))
                && ignore.stream().noneMatch(matcher -> matcher.matches(name));
    }
}
