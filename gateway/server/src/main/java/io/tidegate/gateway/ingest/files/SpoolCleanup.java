package io.tidegate.gateway.ingest.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.gateway.ingest.files.SpoolFileState.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of files when they have been read, or can't be. Nothing is ever written over, and nothing is written through a
 * link: a name is taken by creating a file that was not there before.
 */
final class SpoolCleanup {

    private static final String REASON = ".reason";

    private final SpoolSettings settings;

    SpoolCleanup(SpoolSettings settings) {
        this.settings = settings;
    }

    /**
     * Renames, deletes or tracks a file that has been read.
     *
     * @param read the file as it was then
     * @return whether it did: not when the file is no more what was read, which the next look judges
     */
    boolean finish(Path file, FileStat read, Position position) throws IOException {
        if (!FileStat.of(file).equals(Optional.of(read))) {
            return false;
        }
        switch (settings.rules().done()) {
            case RENAME -> rename(file);
            case DELETE -> Files.delete(file);
            case TRACK -> {
                String said = position.behind().number() + " lines, " + read.size() + " bytes, SHA-256 "
                        + position.hash() + "\n";
                track(file, said.getBytes(UTF_8));
            }
        }
        return true;
    }

    /** {@code x.log.COMPLETED}, or {@code x.log.1.COMPLETED} where that is taken. */
    private void rename(Path file) throws IOException {
        Path target = null;
        for (int i = 0; target == null; i++) {
            target = taken(FileNames.inFolder(settings.dir(), file, numbered(i) + suffix()));
        }
        moveTo(target, file);
    }

    /** What stands there already is not said again. */
    private void track(Path file, byte[] said) throws IOException {
        Path folder = folder(settings.tracker(), settings.rules().tracker());
        for (int i = 0; ; i++) {
            Path named = FileNames.inFolder(folder, file, numbered(i) + suffix());
            Path target = taken(named);
            if (target != null) {
                Files.write(target, said, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                return;
            }
            if (says(named, said)) {
                return;
            }
        }
    }

    private static boolean says(Path file, byte[] said) throws IOException {
        Optional<FileStat> there = FileStat.of(file);
        if (there.isEmpty() || there.get().size() != said.length) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return Arrays.equals(in.readNBytes(said.length), said);
        }
    }

    /** Moves a bad file away, and writes beside it why; true. */
    boolean quarantine(Path file, String reason) throws IOException {
        Path folder = folder(settings.quarantine(), settings.rules().quarantine());
        Path target = null;
        Path why = null;
        for (int i = 0; target == null || why == null; i++) {
            release(target);
            target = taken(FileNames.inFolder(folder, file, numbered(i)));
            why = target == null ? null : taken(FileNames.inFolder(folder, target, REASON));
        }
        try {
            Files.writeString(why, reason + "\n", UTF_8, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            moveTo(target, file);
        } catch (IOException e) {
            release(why);
            throw e;
        }
        return true;
    }

    /**
     * Makes the folder where it is not there.
     *
     * @param given as the settings name it; a name in the spool directory is not followed when it is a link, since whoever
     *     brings files there could have made it
     */
    private static Path folder(Path folder, String given) throws IOException {
        if (!Path.of(given).isAbsolute() && Files.isSymbolicLink(folder)) {
            throw new IOException(folder + " is a link, which is not followed");
        }
        return Files.createDirectories(folder);
    }

    /** Creates an empty file, to be written to or replaced; null: something is there. */
    private static @Nullable Path taken(Path target) throws IOException {
        try {
            return Files.createFile(target);
        } catch (FileAlreadyExistsException e) {
            return null;
        }
    }

    private static void release(@Nullable Path taken) throws IOException {
        if (taken != null) {
            Files.deleteIfExists(taken);
        }
    }

    /** Puts a file where its name was taken; where that fails, the name is free again. */
    private static void moveTo(Path target, Path file) throws IOException {
        try {
            move(target, file);
        } catch (IOException e) {
            release(target);
            throw e;
        }
    }

    private static void move(Path target, Path file) throws IOException {
        try {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // Another file system.
            Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private String suffix() {
        return settings.rules().suffix();
    }

    private static String numbered(int i) {
        return i == 0 ? "" : "." + i;
    }
}
