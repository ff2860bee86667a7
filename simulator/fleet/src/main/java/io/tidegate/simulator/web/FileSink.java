package io.tidegate.simulator.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file that grows, as a web server's access log does. */
public final class FileSink implements LineSink {
    private final Path file;
    private final BufferedWriter writer;

    /** Makes the file when it is missing, and appends to it. */
    public FileSink(Path file) throws IOException {
        this.file = file;
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        writer = Files.newBufferedWriter(file, ISO_8859_1, CREATE, APPEND);
    }

    @Override
    public String target() {
        return "file " + file;
    }

    @Override
    public void send(List<String> lines) throws IOException {
        for (String line : lines) {
            writer.write(line);
            writer.write('\n');
        }
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
