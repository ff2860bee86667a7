package io.tidegate.gateway.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The regular files of a folder at one moment. */
record Folder(List<Entry> entries) {

    /** One of them. */
    record Entry(Path path, String name, Stat stat) {}

    /** All of them. */
    static Folder list(Path folder) throws IOException {
        return list(folder, name -> true);
    }

    /**
     * Those whose names fit; the others are not looked at.
     *
     * @throws IOException when the folder is not there, or nobody lets us look
     */
    static Folder list(Path folder, Predicate<String> names) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (names.test(name)) {
                    stat(file).ifPresent(stat -> entries.add(new Entry(file, name, stat)));
                }
            }
        }
        return new Folder(entries);
    }

    /** None when it went away meanwhile. */
    private static Optional<Stat> stat(Path file) throws IOException {
        try {
            return Stat.of(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Nullable
    Entry byInode(long inode) {
        for (Entry entry : entries) {
            if (entry.stat().inode() == inode) {
                return entry;
            }
        }
        return null;
    }
}
