package io.tidegate.gateway.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.gateway.files.SpoolNote.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** What becomes of files when they have been read, or can't be. Nothing is ever written over. */
final class Tidying {

    private final SpoolSettings settings;

    Tidying(SpoolSettings settings) {
        this.settings = settings;
    }

    /**
     * Renames, deletes or tracks a file that has been read.
     *
     * @param read the file as it was then
     * @return whether it did: not when the file is no more what was read, which the next look judges
     */
    boolean finish(Path file, Stat read, Position position) throws IOException {
        if (!Stat.of(file).equals(Optional.of(read))) {
            return false;
        }
        String suffix = settings.rules().suffix();
        switch (settings.rules().done()) {
            case RENAME -> Files.move(file, free(settings.dir(), name(file), suffix), StandardCopyOption.ATOMIC_MOVE);
            case DELETE -> Files.delete(file);
            case TRACK -> {
                Files.createDirectories(settings.tracker());
                String said = position.behind().number() + " lines, " + read.size() + " bytes, SHA-256 "
                        + position.hash() + "\n";
                Files.writeString(settings.tracker().resolve(name(file) + suffix), said);
            }
        }
        return true;
    }

    /** Moves a bad file away, and writes beside it why; true. */
    boolean quarantine(Path file, String reason) throws IOException {
        Files.createDirectories(settings.quarantine());
        Path target = free(settings.quarantine(), name(file), "");
        Files.writeString(target.resolveSibling(name(target) + ".reason"), reason + "\n", UTF_8);
        Files.move(file, target);
        return true;
    }

    /** {@code x.log.COMPLETED}, or {@code x.log.1.COMPLETED} where that is taken. */
    private static Path free(Path folder, String name, String suffix) {
        Path target = folder.resolve(name + suffix);
        for (int i = 1; Files.exists(target); i++) {
            target = folder.resolve(name + "." + i + suffix);
        }
        return target;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
