package io.tidegate.gateway.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A log's folder as a broken machine might leave it: copies, and how far its write-ahead logs reach. */
final class Disk {

    private Disk() {}

    /** A copy of the folder of a running store is what kill -9 leaves; one that saw files come and go is made again. */
    static Path copy(Path folder, Path to) throws IOException {
        while (true) {
            Map<String, Long> before = sizes(folder, ".*");
            try {
                Files.createDirectories(to);
                for (Path file : files(folder)) {
                    if (Files.isRegularFile(file)) {
                        Files.copy(file, to.resolve(file.getFileName().toString()));
                    }
                }
                if (sizes(folder, ".*").equals(before)) {
                    return to;
                }
            } catch (NoSuchFileException e) {
                // It went meanwhile: again.
            }
            delete(to);
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** The sizes of the files whose names match. */
    static Map<String, Long> sizes(Path folder, String name) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        for (Path file : files(folder)) {
            if (Files.isRegularFile(file) && file.getFileName().toString().matches(name)) {
                sizes.put(file.getFileName().toString(), Files.size(file));
            }
        }
        return sizes;
    }

    static Map<String, Long> writeAheadLogs(Path folder) throws IOException {
        return sizes(folder, "\\d+\\.log");
    }

    static byte[] update(Path folder) throws IOException {
        return Files.readAllBytes(folder.resolve(SyncedCommits.FILE));
    }

    static void putMark(Path folder, byte[] update) throws IOException {
        Files.write(folder.resolve(SyncedCommits.FILE), update);
    }
}
