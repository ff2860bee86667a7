package io.tidegate.spark.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where a stream began, in its checkpoint. Spark asks for it again when the first batch has to be repeated, and "earliest"
 * would mean something else by then.
 */
final class InitialOffset {

    private final Path file;
    private final Configuration hadoop;

    /** @param checkpoint the source's own folder; need not exist */
    InitialOffset(String checkpoint, Configuration hadoop) {
        file = new Path(checkpoint, "initial-offset.json");
        this.hadoop = hadoop;
    }

    /**
     * The offset that was stored; the first time the one that {@code first} gives, which is stored before it is returned.
     *
     * @throws UncheckedIOException when the checkpoint can't be read or written
     */
    LogOffset orElseStore(Supplier<LogOffset> first) {
        try {
            FileSystem files = file.getFileSystem(hadoop);
            if (files.exists(file)) {
                return read(files);
            }
            LogOffset offset = first.get();
            store(files, offset);
            return offset;
        } catch (IOException e) {
            throw new UncheckedIOException("initial offset " + file + ": " + e.getMessage(), e);
        }
    }

    private LogOffset read(FileSystem files) throws IOException {
        try (FSDataInputStream in = files.open(file)) {
            return LogOffset.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private void store(FileSystem files, LogOffset offset) throws IOException {
        Path unfinished = file.suffix(".tmp");
        files.mkdirs(file.getParent());
        try (FSDataOutputStream out = files.create(unfinished, true)) {
            out.write(offset.json().getBytes(StandardCharsets.UTF_8));
        }
        if (!files.rename(unfinished, file)) {
            throw new IOException("can't be renamed from " + unfinished);
        }
    }
}
