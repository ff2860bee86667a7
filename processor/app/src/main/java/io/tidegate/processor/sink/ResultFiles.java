package io.tidegate.processor.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.processor.result.ResultMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;

/**
 * Files of results, JSON lines: one per query and batch that has any, {@code folder/query/2026-11-23/1763805660000.jsonl}
 * (the day and the time of the batch, UTC). A file is there as a whole or not at all, and a batch that runs again replaces
 * it with the same lines. On the driver, one thread.
 */
public final class ResultFiles {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);

    private ResultFiles() {}

    /**
     * Writes the results of a query in a batch, and returns when they would survive a loss of power.
     *
     * @throws UncheckedIOException when they can't be written; the message names the file
     */
    public static void write(Path folder, String query, long batchMs, List<ResultMessage> results) {
        writeLines(folder, query, batchMs, lines(results));
    }

    /**
     * Writes the lines of a query in a batch, as {@link #write} does.
     *
     * @throws UncheckedIOException as {@link #write}
     */
    public static void writeLines(Path folder, String query, long batchMs, List<String> lines) {
        Path day = folder.resolve(query).resolve(DAY.format(Instant.ofEpochMilli(batchMs)));
        Path file = day.resolve(batchMs + ".jsonl");
        Path unfinished = day.resolve("." + batchMs + ".jsonl.tmp");
        try {
            Files.createDirectories(day);
            force(unfinished, ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(UTF_8)));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel entries = FileChannel.open(day, StandardOpenOption.READ)) {
                entries.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("results of query " + query + " in " + file + ": " + e, e);
        }
    }

    /** By topic; those of one topic in the order in which they are given, which is the same in every run. */
    private static List<String> lines(List<ResultMessage> results) {
        return results.stream()
                .sorted(Comparator.comparing(ResultMessage::topic))
                .map(ResultMessage::json)
                .toList();
    }

    private static void force(Path file, ByteBuffer content) throws IOException {
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (content.hasRemaining()) {
                out.write(content);
            }
            out.force(true);
        }
    }
}
