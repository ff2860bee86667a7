package io.tidegate.gateway.ingest.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is in a folder at one moment. Links are told apart and never followed. */
final class DirectoryListing {

    private final List<Entry> entries = new ArrayList<>();
    private final Map<Long, List<Entry>> byInode = new HashMap<>();
    private final List<Path> links = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();

    /**
     * A regular file.
     *
     * @param path opens it, whatever its name
     * @param name tells it from all others, see {@link FileNames}
     */
    record Entry(Path path, String name, FileStat stat) {

        /** Whether the path still leads to this file, which somebody may have renamed since. */
        boolean isStillThere() throws IOException {
            try {
                return FileStat.of(path)
                        .filter(now -> now.inode() == stat.inode())
                        .isPresent();
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    }

    /** Everything in it. */
    static DirectoryListing list(Path folder) throws IOException {
        return list(folder, name -> true);
    }

    /**
     * What has a name that fits; the rest is not looked at. A file that can't be looked at does not keep the others away.
     *
     * @param names told the last part of each path
     * @throws IOException when the folder is not there, or nobody lets us look
     */
    static DirectoryListing list(Path folder, Predicate<Path> names) throws IOException {
        DirectoryListing listed = new DirectoryListing();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (names.test(file.getFileName())) {
                    listed.add(file);
                }
            }
        }
        return listed;
    }

    private void add(Path file) {
        try {
            Optional<FileStat> stat = FileStat.of(file);
            if (stat.isPresent()) {
                Entry entry = new Entry(file, FileNames.of(file), stat.get());
                entries.add(entry);
                byInode.computeIfAbsent(entry.stat().inode(), inode -> new ArrayList<>())
                        .add(entry);
            } else if (Files.isSymbolicLink(file)) {
                links.add(file);
            }
        } catch (NoSuchFileException e) {
            // It went away meanwhile.
        } catch (IOException e) {
            troubles.add("can't look at " + FileNames.shown(file) + ": " + e);
        }
    }

    /**
     * The file with this inode. Of several names of it (hard links) the given one, if it is among them.
     *
     * @param name preferred
     */
    @Nullable
    Entry byInode(long inode, String name) {
        Entry found = null;
        for (Entry entry : byInode.getOrDefault(inode, List.of())) {
            if (found == null || entry.name().equals(name)) {
                found = entry;
            }
        }
        return found;
    }

    /** Its regular files. */
    List<Entry> entries() {
        return entries;
    }

    /** Its symbolic links. */
    List<Path> links() {
        return links;
    }

    /** The files that can't be looked at, sentences. */
    List<String> troubles() {
        return troubles;
    }

    /**
     * The name of the file in this same folder that a link leads to in the end.
     *
     * @return empty: it leads to nothing
     * @throws IOException when it leads out of the folder, or nobody can say where
     */
    static Optional<String> target(Path link) throws IOException {
        Path real;
        try {
            real = link.toRealPath();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Path folder = Objects.requireNonNull(link.getParent()).toRealPath();
        if (!folder.equals(real.getParent())) {
            throw new IOException("it is a link out of its folder, which is not followed");
        }
        return Optional.of(FileNames.of(real));
    }
}
