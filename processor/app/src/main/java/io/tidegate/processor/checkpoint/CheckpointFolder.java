package io.tidegate.processor.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tidegate.processor.checkpoint.Fingerprint.Difference;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code checkpoint-dir}: Spark's files under {@code spark/}, the fingerprint beside them, and a lock that one process
 * at a time holds.
 *
 * <pre>
 *   open ──▶ (--fresh: set aside) ──▶ admit(fingerprint) ──▶ Spark ──▶ close
 *                                        └─ refused: another fingerprint, or none beside a checkpoint
 * </pre>
 */
public final class CheckpointFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFolder.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final FileChannel lock;

    private CheckpointFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Makes the folder when it is missing, takes the lock, removes what Spark leaves behind empty.
     *
     * @throws RefusedCheckpointException when another process works on it
     */
    public static CheckpointFolder open(Path folder) throws IOException, RefusedCheckpointException {
        Files.createDirectories(folder);
        FileChannel lock =
                FileChannel.open(folder.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!acquire(lock)) {
            lock.close();
            throw new RefusedCheckpointException("checkpoint-dir: " + folder + " is in use by another processor");
        }
        CheckpointFolder opened = new CheckpointFolder(folder, lock);
        opened.sweep();
        return opened;
    }

    private static boolean acquire(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Where Spark's checkpoints go. */
    public Path spark() {
        return folder.resolve("spark");
    }

    /** Where the checkpoints of queries in SQL go, a folder for each. */
    public Path sql() {
        return folder.resolve("sql");
    }

    /** Whether there is a state to continue. */
    public boolean hasCheckpoint() throws IOException {
        if (!Files.isDirectory(spark())) {
            return false;
        }
        try (Stream<Path> files = Files.list(spark())) {
            return files.anyMatch(f -> f.getFileName().toString().startsWith("checkpoint-"));
        }
    }

    /** Sets state and fingerprint aside, in a folder next to them; nothing is deleted. */
    public void setAside(Clock clock) throws IOException {
        Path aside = folder.resolve("set-aside-" + STAMP.format(clock.instant()));
        for (Path old : List.of(spark(), fingerprint(), sql())) {
            if (Files.exists(old)) {
                Files.createDirectories(aside);
                Files.move(old, aside.resolve(old.getFileName()));
            }
        }
        if (Files.exists(aside)) {
            LOG.info("fresh start: the old state is in {}", aside);
        }
    }

    /**
     * Compares with the fingerprint of what is here, and writes it when nothing is.
     *
     * @throws RefusedCheckpointException naming every difference and the two ways out
     */
    public void admit(Fingerprint now) throws IOException, RefusedCheckpointException {
        if (!Files.exists(fingerprint())) {
            if (hasCheckpoint()) {
                throw refused(List.of("fingerprint.json: it is missing beside a checkpoint"));
            }
            write(now, fingerprint());
            Files.createDirectories(spark());
            return;
        }
        List<Difference> differences = read().differences(now);
        if (!differences.isEmpty()) {
            throw refused(differences);
        }
    }

    /**
     * Compares a query in SQL with what its checkpoint was made with, and writes that down when there is none.
     *
     * @throws RefusedCheckpointException naming every difference and the ways out
     */
    public void admit(String query, Fingerprint now) throws IOException, RefusedCheckpointException {
        Path fingerprint = sql().resolve(query + ".json");
        if (!Files.exists(fingerprint)) {
            Files.createDirectories(sql());
            write(now, fingerprint);
            return;
        }
        List<Difference> differences =
                Fingerprint.ofJson(Files.readString(fingerprint)).differences(now);
        if (!differences.isEmpty()) {
            throw new RefusedCheckpointException(lines(
                    "checkpoint-dir: " + folder + " holds a state of query " + query
                            + " that was made with other settings",
                    differences,
                    "\nEither restore the settings, or give the query another name, which begins anew, or start with"
                            + " --fresh: a new state for all queries (the old one is set aside)."));
        }
    }

    private RefusedCheckpointException refused(List<?> reasons) {
        return new RefusedCheckpointException(lines(
                "checkpoint-dir: " + folder + " holds a state that was made with other settings",
                reasons,
                "\nEither restore the settings, or start with --fresh: a new state, from where the last one"
                        + " had committed (the old one is set aside)."));
    }

    private static String lines(String first, List<?> reasons, String last) {
        return reasons.stream().map(reason -> "\n  " + reason).collect(Collectors.joining("", first, last));
    }

    private Fingerprint read() throws IOException, RefusedCheckpointException {
        try {
            return Fingerprint.ofJson(Files.readString(fingerprint()));
        } catch (JsonProcessingException e) {
            throw refused(List.of("fingerprint.json: can't be read, " + e.getOriginalMessage()));
        }
    }

    private void write(Fingerprint fingerprint, Path file) throws IOException {
        Path unfinished = folder.resolve("fingerprint.json.tmp");
        try (FileChannel out = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            out.write(UTF_8.encode(fingerprint.toJson()));
            out.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path fingerprint() {
        return folder.resolve("fingerprint.json");
    }

    /** Every start leaves a folder for RDD checkpoints behind; those that stayed empty go. */
    private void sweep() throws IOException {
        if (!Files.isDirectory(spark())) {
            return;
        }
        List<Path> folders;
        try (Stream<Path> entries = Files.list(spark())) {
            folders = entries.filter(Files::isDirectory)
                    .filter(f -> f.getFileName().toString().matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
                    .toList();
        }
        for (Path empty : folders) {
            try {
                Files.delete(empty);
            } catch (DirectoryNotEmptyException e) {
                LOG.debug("{} is in use", empty);
            }
        }
    }

    /** Lets the lock go. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
